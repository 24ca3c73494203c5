import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { State, stateOf } from '../life/control-word.js'
import type { Lifecycle } from '../life/lifecycle.js'
import type { OpenWait } from '../life/open-wait.js'
import { Reason } from '../life/transition-log.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { Tally } from '../tally.js'
import { Counter, type Outcome } from '../threads/counters.js'
import type { InFlight } from './in-flight.js'
import { RampUpBudget, stepEndsMs } from './ramp-up.js'
import type { Refusals } from './refusals.js'
import { ThreadStanding } from './thread-standing.js'

/** What a closed circuit answers to a call. */
export const Answer = { refused: 0, admitted: 1, probe: 2, lifeOver: 3 } as const
export type Answer = (typeof Answer)[keyof typeof Answer]

/** What a closed circuit asks of a call before it goes: most ask nothing, and their calls don't come here. */
export class ClosedAdmission {
  readonly #budget: RampUpBudget
  readonly #standing: ThreadStanding
  #ramping = false

  constructor(
    cells: Cells,
    map: MemoryMap,
    slot: number,
    private readonly lifecycle: Lifecycle,
    private readonly inFlight: InFlight,
    private readonly refusals: Refusals,
    private readonly clock: Clock,
    private readonly openWait: OpenWait,
    private readonly tally: Tally,
  ) {
    this.#budget = new RampUpBudget(cells, map, lifecycle.words)
    this.#standing = new ThreadStanding(cells, map, slot)
  }

  /** Takes over the life in force. */
  see(): void {
    const { life, configuration } = this.lifecycle
    this.#standing.see(life.life)
    const mayRamp = stateOf(life.life) === State.closed && configuration.rampUp !== undefined
    this.#ramping = mayRamp && this.clock.nowMs() < life.retryAtMs
  }

  get isRamping(): boolean {
    return this.#ramping
  }

  /** Whether a ramp-up that was known of is over by now. */
  endsRampUp(): boolean {
    if (!this.#ramping || this.clock.nowMs() < this.lifecycle.life.retryAtMs) return false
    this.#ramping = false
    return true
  }

  get isCutOff(): boolean {
    return this.#standing.isCutOff
  }

  ask(life: number): Answer {
    const { configuration } = this.lifecycle
    const stalled = this.inFlight.stalled(life, configuration, this.clock)
    if (stalled) {
      this.lifecycle.begin(life, State.open, Reason.stalledCalls, stalled)
      return Answer.lifeOver
    }
    if (this.#ramping && !this.#hasShare()) return Answer.refused
    if (!this.#standing.isCutOff) return Answer.admitted
    if (this.#standing.mayProbe(this.clock.nowMs(), configuration)) return Answer.probe
    this.refusals.count(life, this.#standing.retryAtMs, 'thread-cut-off')
    return Answer.refused
  }

  /** Cuts this thread off, alone. */
  cutOff(life: number, error: unknown): void {
    const waitMs = this.openWait.ms(this.lifecycle.configuration, this.#standing.nextAttempt, error)
    // The function of the user's that may have been asked may have detached.
    if (this.lifecycle.isRetired) return
    this.#standing.cutOff(life, this.clock.nowMs() + waitMs)
    this.tally.threadCutOff(life)
  }

  /** What the probe of this thread came to. Returns true if the thread may call as before. */
  settleProbe(life: number, outcome: Outcome, error: unknown): boolean {
    if (outcome === Counter.error) this.cutOff(life, error)
    if (outcome === Counter.ignored) this.#standing.giveProbeBack()
    if (outcome !== Counter.success) return false
    this.#standing.restore()
    this.tally.threadRestored(life)
    return true
  }

  /** Whether the share of this step has room; also if there is no share any more. */
  #hasShare(): boolean {
    const { life, configuration } = this.lifecycle
    const { rampUp } = configuration
    const now = this.clock.nowMs()
    if (!rampUp || now >= life.retryAtMs || this.#budget.admits(life, rampUp, now)) return true
    this.refusals.count(life.life, stepEndsMs(life, rampUp, now), 'ramp-up')
    return false
  }
}
