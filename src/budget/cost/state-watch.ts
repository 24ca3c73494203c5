import { describeThrown } from '../../breaker/errors.js'
import type { Clock } from '../../world/clock.js'
import type { BudgetStateChange, CostState } from './budget-state.js'

/**
 * Tells a listener when a look finds another state than the one before. Of one thread: it looks at its own calls' beginnings and ends, so a
 * thread that makes no calls hears of nothing, and a state that came and went between two looks is not told.
 */
export class StateWatch {
  #seen: CostState

  constructor(
    private readonly breaker: string,
    private readonly stateNow: () => CostState,
    private readonly listener: (change: BudgetStateChange) => void,
    private readonly clock: Clock,
  ) {
    this.#seen = stateNow()
  }

  look(): void {
    const from = this.#seen
    const to = this.stateNow()
    if (to === from) return
    this.#seen = to
    try {
      this.listener({ breaker: this.breaker, from, to, atMs: this.clock.nowMs() })
    } catch (thrown) {
      // A listener must not make a call fail.
      process.emitWarning(`onStateChange of cost breaker "${this.breaker}" threw: ${describeThrown(thrown)}`, {
        code: 'BUSBAR_LISTENER_THREW',
      })
    }
  }
}
