import { Reason } from '../life/transition-log.js'
import type { Configuration } from '../options.js'
import { NO_VERDICT, type WindowMeasure } from '../window.js'

/** More is not asked for, so that strikes can be numbered in a cell. */
const HEADROOM_MAX = 2 ** 30

/** When the rates of a window open the circuit: when they reach a threshold, over enough calls. */
export class Thresholds {
  /** The least number of calls in force. */
  minimumCalls: number
  readonly #configured: number
  readonly #failureRate: number
  readonly #slowRate: number

  constructor(configuration: Configuration, callsMax = Number.POSITIVE_INFINITY) {
    this.#configured = Math.min(configuration.minimumCalls, callsMax)
    this.minimumCalls = this.#configured
    this.#failureRate = configuration.failureRateThreshold
    // Without a duration no call is slow, and no rate reaches this.
    this.#slowRate =
      configuration.slowCallDurationThresholdMs === undefined
        ? Number.POSITIVE_INFINITY
        : configuration.slowCallRateThreshold
  }

  judgeEarly(minimumCalls: number | undefined): void {
    this.minimumCalls = Math.min(minimumCalls ?? this.#configured, this.#configured)
  }

  /**
   * How many failures and slow calls more leave the rates below their thresholds, however many calls come as well and whatever the
   * minimum; below 0 if they have reached one.
   */
  headroom({ calls, failures, slow }: WindowMeasure): number {
    if (calls === 0) return -1
    let more =
      Math.ceil(Math.min(this.#failureRate * calls - failures, this.#slowRate * calls - slow, HEADROOM_MAX)) - 1
    // A product may be rounded to above its threshold, which is what a quotient is held against.
    while (more >= 0 && this.#reached(failures + more, slow + more, calls) !== NO_VERDICT) more -= 1
    return more
  }

  verdict({ calls, failures, slow }: WindowMeasure): number {
    if (calls < this.minimumCalls) return NO_VERDICT
    return this.#reached(failures, slow, calls)
  }

  #reached(failures: number, slow: number, calls: number): number {
    if (failures / calls >= this.#failureRate) return Reason.failureRate
    return slow / calls >= this.#slowRate ? Reason.slowCallRate : NO_VERDICT
  }
}
