import type { Cells } from '../../memory/cells.js'
import type { Configuration } from '../options.js'
import { Counter, type Counters } from '../threads/counters.js'
import { NO_VERDICT, type Window, type WindowContent, type WindowMeasure, type WindowSetting } from '../window.js'
import { FAILED, ResultRing, SLOW } from './result-ring.js'
import { Thresholds } from './thresholds.js'

/**
 * The last `size` calls of a life, exact over all threads: what is in the ring (`result-ring.ts`).
 *
 * When it is judged. After each failure and each slow call; after another success only while its thread doesn't know that
 * the life has its minimum of calls, and in a watched life. Who judges reads the ring, unless too few results came since it
 * did so last for any rate to have reached its threshold: each of them would have to be a failure (`#quietAfter`).
 *
 * Why no verdict is lost. Each writes its entry before it judges, and operations are totally ordered, so of two that
 * record at the same time the one that writes last sees both (store buffering). One more success makes no rate higher,
 * in whichever order it comes: if the window after it reaches a threshold, then the window before it did, or had too few
 * calls. In the latter case its thread cannot have known of enough, and judges, but only if it finds the watch. It looks
 * for that after it has written: if it finds none, the first failure, which sets the watch before it writes and judges,
 * sees this success.
 *
 * Breaks if a success looks at the watch only before it writes (a failure at that moment finds one call too few, and the
 * success doesn't judge), or if holes in the ring make the window smaller (the same, at any moment of a life whose minimum
 * is the size).
 *
 * Limits. Those of the ring. Where the window has become smaller, a verdict may come with a later failure.
 */
export class CountWindow implements Window {
  readonly #decided = { calls: 0, failures: 0, slow: 0 }
  readonly #thresholds: Thresholds
  readonly #failureRate: number
  readonly #slowRate: number
  readonly #cells: Cells
  readonly #control: number
  readonly #counters: Counters
  /** Where this thread counts successes, which are most. */
  readonly #successes: number
  readonly #ring: ResultRing
  readonly #slots: number
  #life = NO_LIFE
  #tag = 0
  /** Whether this thread knows that `#life` has its minimum of calls: by its last judgement, or by its own calls alone. */
  #settled = false
  #ownCalls = 0
  /** Where the head was when this thread read the ring last, and how many results later a verdict is possible again. */
  #readAt = 0
  #quiet = 0

  /** `size`: from 1 to the ring's cells less one for each slot. */
  constructor(
    setting: WindowSetting,
    private readonly size: number,
  ) {
    this.#thresholds = new Thresholds(setting.configuration, size)
    this.#failureRate = setting.configuration.failureRateThreshold
    this.#slowRate = slowRateOf(setting.configuration)
    this.#cells = setting.cells
    this.#control = setting.map.control
    this.#counters = setting.counters
    this.#successes = setting.counters.line + Counter.success
    this.#ring = new ResultRing(setting)
    this.#slots = setting.map.sizes.slots
  }

  get decided(): WindowMeasure {
    return this.#decided
  }

  recordSuccess(life: number): number {
    if (life !== this.#life) this.#begin(life)
    const recorded = this.#ring.record(this.#tag, 0)
    if (this.#cells.add(this.#successes, 1) === -1) this.#counters.carry(Counter.success)
    return this.#settled ? NO_VERDICT : this.#judgeIfWatched(recorded)
  }

  recordFailure(life: number): number {
    if (life !== this.#life) this.#begin(life)
    this.#ring.record(this.#tag, FAILED)
    this.#counters.add(Counter.error)
    return this.#judge()
  }

  recordSlow(life: number, failed: boolean): number {
    if (life !== this.#life) this.#begin(life)
    this.#ring.record(this.#tag, failed ? SLOW | FAILED : SLOW)
    this.#counters.add(failed ? Counter.error : Counter.success)
    this.#counters.add(Counter.slow)
    return this.#judge()
  }

  measure(life: number): WindowMeasure {
    const measure = { calls: 0, failures: 0, slow: 0 }
    this.#ring.read(this.size, this.#ring.tagOf(life), measure)
    return measure
  }

  /** Runs of equal calls. A result that is recorded meanwhile may be missing, or stand for the oldest one. */
  contents(life: number): WindowContent[] {
    const tag = this.#ring.tagOf(life)
    const head = this.#ring.head()
    const contents: WindowContent[] = []
    for (let back = this.size; back > 0; back--) {
      const call = { calls: 0, failures: 0, slow: 0 }
      this.#ring.count(head - back, tag, call)
      const last = contents.at(-1)
      if (call.calls === 0) continue
      if (last && last.failures > 0 === call.failures > 0 && last.slow > 0 === call.slow > 0) {
        const { calls, failures, slow } = last
        contents[contents.length - 1] = {
          ageMs: 0,
          calls: calls + 1,
          failures: failures + call.failures,
          slow: slow + call.slow,
        }
      } else contents.push({ ageMs: 0, ...call })
    }
    return contents
  }

  judgeEarly(minimumCalls: number | undefined): void {
    this.#thresholds.judgeEarly(minimumCalls)
    this.#unsettle()
  }

  #begin(life: number): void {
    this.#life = life
    this.#tag = this.#ring.tagOf(life)
    this.#unsettle()
  }

  #unsettle(): void {
    this.#settled = false
    this.#ownCalls = 0
    this.#quiet = 0
  }

  #judgeIfWatched(recorded: boolean): number {
    const verdict = this.#cells.load(this.#control) === this.#life ? NO_VERDICT : this.#judge()
    if (recorded) this.#ownCalls += 1
    if (this.#ownCalls >= this.#thresholds.minimumCalls) this.#settled = true
    return verdict
  }

  #judge(): number {
    if ((this.#ring.head() - this.#readAt) >>> 0 < this.#quiet) return NO_VERDICT
    this.#readAt = this.#ring.read(this.size, this.#tag, this.#decided)
    this.#settled = this.#decided.calls >= this.#thresholds.minimumCalls
    this.#quiet = this.#quietAfter(this.#decided)
    return this.#thresholds.verdict(this.#decided)
  }

  /**
   * How many results may be recorded before a verdict is possible. Calls never become fewer, and failures at most one more
   * with each result: of those to come, and of those that have a position already and weren't written yet, at most one a
   * slot. One less, for rounding.
   */
  #quietAfter({ calls, failures, slow }: WindowMeasure): number {
    const { minimumCalls } = this.#thresholds
    const least = Math.max(calls, minimumCalls)
    const toRate = Math.min(this.#failureRate * least - failures, this.#slowRate * least - slow)
    return Math.max(0, Math.floor(Math.max(minimumCalls - calls, toRate)) - this.#slots - 1)
  }
}

const NO_LIFE = 0

function slowRateOf({ slowCallDurationThresholdMs, slowCallRateThreshold }: Configuration): number {
  return slowCallDurationThresholdMs === undefined ? Number.POSITIVE_INFINITY : slowCallRateThreshold
}
