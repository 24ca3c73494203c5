import type { Cells } from '../../memory/cells.js'

/**
 * Whether a rule is in force, over all threads.
 *
 * Map. Two words of 64 bits. State: 0, it is not; 1, it is, and use was last seen at or above its recovery threshold; else, it is, use was
 * last seen below, and from that time on (milliseconds) it may end. Cooldown: until when it stays at least; of an alert, until
 * when there is no other.
 *
 * Protocol. Fire: raise the cooldown's end; then compareExchange of the state from 0 to 1. Use below: from 1 to the time at which it may end,
 * or, if that has come, to 0. Use above again: back to 1. Alert: compareExchange of the cooldown's end to the next.
 *
 * Why safe. Claim: a rule in force is not ended before its cooldown, as the end of that is written before the state says 1, and only
 * grows. Claim: a thread that has just seen use above the recovery threshold leaves the rule in force and the window to begin
 * anew, whatever another saw meanwhile: each step names the state that it was decided on. Claim: in a cooldown there is one alert, as
 * only one exchange can take a given end.
 *
 * Breaks if the state were stored, not exchanged: who saw use below a while ago would end what has just fired again.
 *
 * Limits. A call that looked at the budget before another, and decides after it, may end the rule on the older figures; the next call
 * fires it again. Where the wall clock is put back, what was to end stays for so much longer.
 */
export const LifeField = { state: 0, cooldown: 2 } as const

const IDLE = 0n
const ABOVE = 1n

export class RuleLife {
  constructor(
    private readonly cells: Cells,
    private readonly first: number,
    private readonly cooldownMs: number,
    private readonly recoveryWindowMs: number,
  ) {}

  /** Whether the rule is in force for a call that finds use so: `reached` its threshold, `below` its recovery threshold; never both. */
  isInForce(reached: boolean, below: boolean, nowMs: number): boolean {
    const { cells } = this
    const state = this.first + LifeField.state
    for (;;) {
      const found = cells.load64(state)
      if (found === IDLE && !reached) return false
      if (found === ABOVE && !below) return true
      if (found > ABOVE && below && nowMs < Number(found)) return true
      const next = this.#next(found, below, nowMs)
      // Ends: a failed exchange means that another thread made such a step.
      if (cells.compareExchange64(state, found, next) === found) return next !== IDLE
    }
  }

  /** Whether the last call that looked left it in force. */
  get wasInForce(): boolean {
    return this.cells.load64(this.first + LifeField.state) !== IDLE
  }

  /** Whether this call is the one to raise the alert; of all threads, one call a cooldown. */
  mayAlert(nowMs: number): boolean {
    if (this.cooldownMs === 0) return true
    const cooldown = this.first + LifeField.cooldown
    for (;;) {
      const endsMs = this.cells.load64(cooldown)
      if (nowMs < Number(endsMs)) return false
      // Ends: a failed exchange means that another thread has raised it, and then its end is later.
      if (this.cells.compareExchange64(cooldown, endsMs, wholeMs(nowMs + this.cooldownMs)) === endsMs) return true
    }
  }

  #next(found: bigint, below: boolean, nowMs: number): bigint {
    if (found === IDLE) {
      this.#raiseCooldown(nowMs + this.cooldownMs)
      return ABOVE
    }
    if (!below) return ABOVE
    if (found > ABOVE) return IDLE
    const endsMs = Math.max(nowMs + this.recoveryWindowMs, Number(this.cells.load64(this.first + LifeField.cooldown)))
    return endsMs <= nowMs ? IDLE : wholeMs(endsMs)
  }

  #raiseCooldown(endsMs: number): void {
    if (this.cooldownMs === 0) return
    const cooldown = this.first + LifeField.cooldown
    for (;;) {
      const found = this.cells.load64(cooldown)
      if (Number(found) >= endsMs) return
      if (this.cells.compareExchange64(cooldown, found, wholeMs(endsMs)) === found) return
    }
  }
}

/** Never less than was asked for, and never one of the states that are no time. */
function wholeMs(timeMs: number): bigint {
  return BigInt(Math.max(2, Math.ceil(timeMs)))
}
