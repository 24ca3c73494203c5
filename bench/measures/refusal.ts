import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { do_not_optimize } from 'mitata'
import type { SharedCircuitBreaker } from '../../src/index.js'
import type { Loop } from '../../src/profiler/turns.js'
import { openBreaker } from '../breakers.js'
import { action, asyncAction } from '../floor.js'
import type { Effort, Measure } from '../measure.js'
import { cockatielOpen, opossum } from '../peers.js'
import { bestOf } from '../rounds.js'
import { type Figure, type Mark, ratio, row } from '../row.js'

/**
 * A call that an open circuit refuses, until its caller has caught the refusal: `try` and `catch` are part of it, as there
 * is no refusal without. Whole times, nothing subtracted. The peers have no synchronous calls, so both rows are
 * divided by what they do.
 *
 * Node keeps each rejected promise in a list until the event loop turns, so the loops let it turn now and then.
 */
const CALLS_A_TURN = 1000

export const measures: readonly Measure[] = [
  measureOf('refusal-execute', 'execute', executeLoop, { atMost: 0.12 }),
  measureOf('refusal-execute-sync', 'executeSync', executeSyncLoop, { atMost: 0.1 }),
]

function measureOf(
  name: string,
  method: string,
  loopOf: (breaker: SharedCircuitBreaker) => Loop,
  wanted: Mark,
): Measure {
  return {
    name,
    async run(effort: Effort) {
      const breaker = openBreaker()
      await expectReported(breaker)
      const policy = await cockatielOpen()
      const circuit = opossum(asyncAction)
      circuit.open()
      const cockatiel: Loop = async (times) => {
        for (let call = 1; call <= times; call++) {
          if (call % CALLS_A_TURN === 0) await setImmediate()
          try {
            await policy.execute(asyncAction)
          } catch (error) {
            do_not_optimize(error)
          }
        }
      }
      const fire: Loop = async (times) => {
        for (let call = 1; call <= times; call++) {
          if (call % CALLS_A_TURN === 0) await setImmediate()
          try {
            await circuit.fire()
          } catch (error) {
            do_not_optimize(error)
          }
        }
      }
      const best = await bestOf({ ours: loopOf(breaker), cockatiel, opossum: fire }, effort)
      const figures: Figure[] = [
        { name: method, value: best.ours, unit: 'ns' },
        { name: 'cockatiel', value: best.cockatiel, unit: 'ns' },
        { name: 'opossum', value: best.opossum, unit: 'ns' },
      ]
      const rowFor = (peer: 'cockatiel' | 'opossum') => ({
        title: `refusal by ${method}, to ${peer}`,
        figures,
        reading: `${method} ÷ ${peer}’s`,
        result: ratio(best.ours, best[peer]),
        unit: '×' as const,
      })
      return [row({ ...rowFor('cockatiel'), wanted }), row(rowFor('opossum'))]
    },
  }
}

function executeLoop(breaker: SharedCircuitBreaker): Loop {
  return async (times) => {
    for (let call = 1; call <= times; call++) {
      if (call % CALLS_A_TURN === 0) await setImmediate()
      try {
        await breaker.execute(asyncAction)
      } catch (error) {
        do_not_optimize(error)
      }
    }
  }
}

function executeSyncLoop(breaker: SharedCircuitBreaker): Loop {
  return (times) => {
    for (let call = 1; call <= times; call++) {
      try {
        breaker.executeSync(action)
      } catch (error) {
        do_not_optimize(error)
      }
    }
  }
}

/** A refusal that nobody handles must be reported by Node: one that were silent would be cheaper, and no refusal. */
async function expectReported(breaker: SharedCircuitBreaker): Promise<void> {
  const reported = once(process, 'unhandledRejection')
  void breaker.execute(asyncAction)
  await Promise.race([
    reported,
    setImmediate().then(() => Promise.reject(new Error('Node did not report a refusal that nobody handled'))),
  ])
}
