import { type Random, systemRandom } from '../../world/random.js'
import { describeThrown } from '../errors.js'
import type { Configuration, ThreadOptions } from '../options.js'
import { LONGEST_MS } from '../resolve-options.js'
import { type CircuitState, stateCode } from './control-word.js'

/** How long a circuit that opens for the `attempt`th time in a row stays open, in milliseconds, as configured. */
export function configuredWaitMs(wait: Configuration['waitDurationInOpenStateMs'], attempt: number, random: Random) {
  if (typeof wait === 'number') return wait
  // Nothing times what grows without limit is no number.
  if (wait.initialMs === 0) return 0
  const steadyMs = Math.min(wait.initialMs * wait.multiplier ** (attempt - 1), wait.maxMs)
  const spread = wait.randomizationFactor === 0 ? 0 : wait.randomizationFactor * (2 * random.next() - 1)
  return Math.min(steadyMs * (1 + spread), wait.maxMs)
}

/**
 * The wait of a thread that may have a function of its own. The function is asked before anything of the transition is
 * written; whatever it does, the circuit has a deadline (resilience4j: one that throws leaves the breaker refusing for ever).
 */
export class OpenWait {
  constructor(
    private readonly breaker: string,
    private readonly random: Random,
    private readonly own: ThreadOptions['waitIntervalFunction'],
  ) {}

  ms(configuration: Configuration, attempt: number, error: unknown): number {
    return (
      this.#ownMs(attempt, error) ?? configuredWaitMs(configuration.waitDurationInOpenStateMs, attempt, this.random)
    )
  }

  #ownMs(attempt: number, error: unknown): number | undefined {
    if (!this.own) return undefined
    try {
      const wait: unknown = this.own(attempt, error)
      if (wait === undefined) return undefined
      if (typeof wait === 'number' && wait >= 0) return Math.min(wait, LONGEST_MS)
      this.#warn(`gave ${describeThrown(wait)}, which is no duration`)
    } catch (thrown) {
      this.#warn(`threw: ${describeThrown(thrown)}`)
    }
    return undefined
  }

  #warn(what: string): void {
    process.emitWarning(`the wait interval function of circuit "${this.breaker}" ${what}; waiting as configured`, {
      code: 'BUSBAR_WAIT_FUNCTION',
    })
  }
}

/** The life of a new breaker that begins in a state. */
export function beginningIn(
  initialState: CircuitState,
  configuration: Configuration,
  nowMs: number,
  random: Random = systemRandom,
) {
  const opens = initialState === 'open'
  const waitMs = opens ? configuredWaitMs(configuration.waitDurationInOpenStateMs, 1, random) : 0
  return { state: stateCode(initialState), beganMs: nowMs, retryAtMs: nowMs + waitMs, attempt: opens ? 1 : 0 }
}
