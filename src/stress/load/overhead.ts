import type { OverheadEvidence } from '../../evidence.js'
import type { OverheadPlan, Plan } from '../../plan.js'
import { bytesPerCall } from '../../profiler/allocation-rate.js'
import type { Baton } from '../../profiler/baton.js'
import { type Loop, takeTurns } from '../../profiler/turns.js'
import { type AttachedTarget, Outcome } from '../../target.js'
import { seededRandom } from '../../world/seeded-random.js'

/** Few enough that their garbage fits into the young generation of a worker. */
const ALLOCATION = { calls: 4000, stretches: 15, warmUpTurns: 60 }
const NUMBERS = 10

/** What is called: the sum of ten random numbers, as a field, so that no compiler takes it away. */
class Work {
  sum = 0
  readonly #random

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  readonly body = (): void => {
    let sum = 0
    for (let number = 0; number < NUMBERS; number += 1) sum += this.#random.next()
    this.sum = sum
  }

  readonly asyncBody = async (): Promise<void> => this.body()
}

interface Loops {
  readonly bare: Loop
  readonly guarded: Loop
}

/**
 * Calls made bare and through the breaker, in turns, by one thread that does nothing else. `goesOn` is asked between turns.
 * A breaker without a synchronous form is awaited where the operation blocks, and so is what it is held against.
 */
export async function measureOverhead(
  plan: Plan,
  { rounds, turnMs }: OverheadPlan,
  target: AttachedTarget,
  goesOn: () => boolean,
  baton?: Baton,
): Promise<OverheadEvidence> {
  const counted = { calls: 0, succeeded: 0 }
  const work = new Work(plan.seed)
  const loops = plan.operation === 'blocking' ? blocking(target, work, counted) : undefined
  const { bare, guarded } = loops ?? awaited(target, work, counted)
  // First: what this takes to warm up, the turns need as well.
  const bareBytes = await bytesPerCall(bare, ALLOCATION)
  const guardedBytes = await bytesPerCall(guarded, ALLOCATION)
  const series = await takeTurns({ bare, guarded }, { rounds, turnMs, goesOn, ...(baton ? { baton } : {}) })
  baton?.leave()
  return {
    bareNs: series.bare,
    guardedNs: series.guarded,
    ...(bareBytes === undefined ? {} : { bareBytes }),
    ...(guardedBytes === undefined ? {} : { guardedBytes }),
    ...counted,
  }
}

interface Counted {
  calls: number
  succeeded: number
}

function blocking(target: AttachedTarget, { body }: Work, counted: Counted): Loops | undefined {
  const call = target.callBlocking?.bind(target)
  if (!call) return undefined
  return {
    bare(times) {
      for (let made = 0; made < times; made += 1) body()
    },
    guarded(times) {
      let succeeded = 0
      for (let made = 0; made < times; made += 1) if (call(body) === Outcome.success) succeeded += 1
      counted.calls += times
      counted.succeeded += succeeded
    },
  }
}

function awaited(target: AttachedTarget, { asyncBody }: Work, counted: Counted): Loops {
  return {
    async bare(times) {
      for (let made = 0; made < times; made += 1) await asyncBody()
    },
    async guarded(times) {
      let succeeded = 0
      for (let made = 0; made < times; made += 1) if ((await target.call(asyncBody)) === Outcome.success) succeeded += 1
      counted.calls += times
      counted.succeeded += succeeded
    },
  }
}
