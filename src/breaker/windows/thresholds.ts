import { Reason } from '../life/transition-log.js'
import type { Configuration } from '../options.js'
import { NO_VERDICT, type WindowMeasure } from '../window.js'

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

  verdict({ calls, failures, slow }: WindowMeasure): number {
    if (calls < this.minimumCalls) return NO_VERDICT
    if (failures / calls >= this.#failureRate) return Reason.failureRate
    return slow / calls >= this.#slowRate ? Reason.slowCallRate : NO_VERDICT
  }
}
