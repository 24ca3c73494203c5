import { do_not_optimize } from 'mitata'
import type { SharedCircuitBreaker } from '../../src/index.js'
import type { Loop } from '../../src/profiler/turns.js'
import { breakerWith, windows } from '../breakers.js'
import { asyncAction, bareAwait } from '../floor.js'
import type { Effort, Measure } from '../measure.js'
import { cockatielConsecutive, cockatielSampling, cockatielWithTimeout, opossum } from '../peers.js'
import { bestOf } from '../rounds.js'
import { type Mark, ratio, row } from '../row.js'

/** What `execute` adds to awaiting a call that a closed circuit lets through and that succeeds at once. */
interface Case {
  readonly name: string
  readonly title: string
  readonly ours: () => SharedCircuitBreaker
  readonly cockatiel: () => { execute(action: typeof asyncAction): Promise<number> }
  readonly opossum: () => { fire(): Promise<number> }
  /** Without marks, the row reports. */
  readonly wanted?: { readonly cockatiel: Mark; readonly opossum: Mark }
}

/** It never comes: what is measured is to watch for it. */
const TIMEOUT_MS = 10_000

export const measures: readonly Measure[] = [
  measureOf({
    name: 'execute-closed-consecutive',
    title: 'execute, closed, consecutive window',
    ours: () => breakerWith(windows.consecutive),
    cockatiel: cockatielConsecutive,
    opossum: () => opossum(asyncAction),
    wanted: { cockatiel: { atMost: 0.55 }, opossum: { atMost: 0.18 } },
  }),
  measureOf({
    name: 'execute-closed-time',
    title: 'execute, closed, time window',
    ours: () => breakerWith(windows.time),
    cockatiel: cockatielSampling,
    opossum: () => opossum(asyncAction),
  }),
  measureOf({
    name: 'execute-closed-timeout',
    title: 'execute, closed, consecutive window, with a timeout',
    ours: () => breakerWith(windows.consecutive, { timeoutMs: TIMEOUT_MS }),
    cockatiel: () => cockatielWithTimeout(TIMEOUT_MS),
    opossum: () => opossum(asyncAction, TIMEOUT_MS),
  }),
]

function measureOf(given: Case): Measure {
  return {
    name: given.name,
    async run(effort: Effort) {
      const breaker = given.ours()
      const policy = given.cockatiel()
      const circuit = given.opossum()
      const ours: Loop = async (times) => {
        let last: unknown
        for (let call = 0; call < times; call++) last = await breaker.execute(asyncAction)
        do_not_optimize(last)
      }
      const cockatiel: Loop = async (times) => {
        let last: unknown
        for (let call = 0; call < times; call++) last = await policy.execute(asyncAction)
        do_not_optimize(last)
      }
      const opossum: Loop = async (times) => {
        let last: unknown
        for (let call = 0; call < times; call++) last = await circuit.fire()
        do_not_optimize(last)
      }
      const best = await bestOf({ bareAwait, ours, cockatiel, opossum }, effort)
      const overhead = best.ours - best.bareAwait
      return (['cockatiel', 'opossum'] as const).map((peer) => {
        const peers = best[peer] - best.bareAwait
        return row({
          title: `${given.title}, to ${peer}`,
          figures: [
            { name: 'overhead', value: overhead, unit: 'ns' },
            { name: peer, value: peers, unit: 'ns' },
            { name: 'bare await', value: best.bareAwait, unit: 'ns' },
          ],
          reading: `overhead ÷ ${peer}’s`,
          result: ratio(overhead, peers),
          unit: '×',
          ...(given.wanted && { wanted: given.wanted[peer] }),
        })
      })
    },
  }
}
