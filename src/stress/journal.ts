import { type CircuitState, State, stateName } from '../breaker/life/control-word.js'
import type { Outcomes } from '../evidence.js'
import type { Cells } from '../memory/cells.js'
import { alignToLine, CELLS_PER_LINE, Layout } from '../memory/layout.js'
import { Outcome } from '../target.js'
import { ProbeRing } from './probe-ring.js'

/**
 * A worker's journal: what one worker task did, as counters that anybody may read while it runs.
 *
 * Map: one line about the worker, then sixteen cells a stage, the drain last, then its probes (see probe-ring.ts). All
 * are written by that worker alone.
 *
 *     thread   0 until the worker is ready     started, one an outcome, timeouts, received   counts
 *     heap     KB in use                       intended, low and high                        microseconds, 64 bits
 *     circuit  state code, 0 = unknown
 *     refusal  first refusal that counts, sixteenths of a millisecond since the gate opened, plus 1
 *     dropped  arrivals that found too many calls in flight
 *     rest     index of the stage in which it rests, no call in flight, plus 1; 0 while it works
 *
 * Limits: a worker killed between the two halves of an intended sum's carry leaves it 71 minutes short. It is one
 * instruction in 4·10⁹ microseconds of load, and only the efficiency of that one stage would tell.
 */
const Field = { thread: 0, heap: 1, circuit: 2, refusal: 3, dropped: 4, rest: 5 } as const
const Counter = { started: 0, outcomes: 1, timeouts: 6, intendedLow: 7, intendedHigh: 8, received: 9 } as const
const CELLS_PER_STAGE = 16
const REFUSAL_UNITS_PER_MS = 16

const circuitCodes: Readonly<Record<CircuitState, number>> = {
  closed: State.closed,
  open: State.open,
  'half-open': State.halfOpen,
  'forced-open': State.forcedOpen,
  disabled: State.disabled,
  'metrics-only': State.metricsOnly,
}

export class Journal {
  readonly #cells: Cells
  readonly #first: number
  readonly #stages: number
  readonly probes: ProbeRing

  /** `stages` counts the drain. */
  constructor(cells: Cells, firstCell: number, stages: number) {
    this.#cells = cells
    this.#first = firstCell
    this.#stages = stages
    this.probes = new ProbeRing(cells, alignToLine(firstCell + CELLS_PER_LINE + stages * CELLS_PER_STAGE))
  }

  static size(stages: number): number {
    const layout = new Layout()
    layout.lineOf(CELLS_PER_LINE)
    layout.lineOf(stages * CELLS_PER_STAGE)
    layout.lineOf(ProbeRing.size)
    return layout.size
  }

  countStarted(stage: number): void {
    this.#cells.add(this.#counter(stage, Counter.started), 1)
  }

  countOutcome(stage: number, outcome: Outcome): void {
    this.#cells.add(this.#counter(stage, Counter.outcomes) + outcome, 1)
  }

  countTimeout(stage: number): void {
    this.#cells.add(this.#counter(stage, Counter.timeouts), 1)
  }

  countReceived(stage: number): void {
    this.#cells.add(this.#counter(stage, Counter.received), 1)
  }

  addIntended(stage: number, us: number): void {
    const low = this.#counter(stage, Counter.intendedLow)
    const before = this.#cells.add(low, us) >>> 0
    if (before + us > 0xffff_ffff) this.#cells.add(low + 1, 1)
  }

  countDropped(): void {
    this.#cells.add(this.#first + Field.dropped, 1)
  }

  publishThread(threadId: number): void {
    this.#cells.store(this.#first + Field.thread, threadId)
  }

  publishHeap(heapMb: number): void {
    this.#cells.store(this.#first + Field.heap, Math.round(heapMb * 1024))
  }

  publishCircuit(state: CircuitState): void {
    this.#cells.store(this.#first + Field.circuit, circuitCodes[state])
  }

  /** Only the first one is kept. */
  noteRefusal(sinceOpeningMs: number): void {
    const units = Math.min(0x7fff_fffe, Math.max(0, Math.round(sinceOpeningMs * REFUSAL_UNITS_PER_MS)))
    this.#cells.compareExchange(this.#first + Field.refusal, 0, units + 1)
  }

  /** `undefined`: it works. */
  publishRest(stage: number | undefined): void {
    this.#cells.store(this.#first + Field.rest, stage === undefined ? 0 : stage + 1)
  }

  /** Whether the worker has nothing in flight in that stage, and will begin nothing before it is over. */
  restsIn(stage: number): boolean {
    return this.#cells.load(this.#first + Field.rest) === stage + 1
  }

  get threadId(): number {
    return this.#cells.load(this.#first + Field.thread)
  }

  get heapMb(): number {
    return this.#cells.load(this.#first + Field.heap) / 1024
  }

  get circuit(): CircuitState | undefined {
    const code = this.#cells.load(this.#first + Field.circuit)
    return code === 0 ? undefined : stateName(code)
  }

  get firstRefusalAtMs(): number | undefined {
    const units = this.#cells.load(this.#first + Field.refusal)
    return units === 0 ? undefined : (units - 1) / REFUSAL_UNITS_PER_MS
  }

  get dropped(): number {
    return this.#cells.load(this.#first + Field.dropped)
  }

  /** Counts of one stage, or of all. */
  counts(stage?: number): JournalCounts {
    const from = stage ?? 0
    const to = stage ?? this.#stages - 1
    const sums = { started: 0, success: 0, error: 0, ignored: 0, refused: 0, stale: 0, timeouts: 0, received: 0 }
    let intendedUs = 0
    for (let index = from; index <= to; index += 1) {
      sums.started += this.#read(index, Counter.started)
      sums.success += this.#read(index, Counter.outcomes + Outcome.success)
      sums.error += this.#read(index, Counter.outcomes + Outcome.error)
      sums.ignored += this.#read(index, Counter.outcomes + Outcome.ignored)
      sums.refused += this.#read(index, Counter.outcomes + Outcome.refused)
      sums.stale += this.#read(index, Counter.outcomes + Outcome.stale)
      sums.timeouts += this.#read(index, Counter.timeouts)
      sums.received += this.#read(index, Counter.received)
      intendedUs += this.#read(index, Counter.intendedLow) + this.#read(index, Counter.intendedHigh) * 2 ** 32
    }
    const { started, timeouts, received, ...outcomes } = sums
    return { started, timeouts, received, outcomes, intendedMs: intendedUs / 1000 }
  }

  #read(stage: number, counter: number): number {
    return this.#cells.load(this.#counter(stage, counter)) >>> 0
  }

  #counter(stage: number, counter: number): number {
    return this.#first + CELLS_PER_LINE + stage * CELLS_PER_STAGE + counter
  }
}

export interface JournalCounts {
  readonly started: number
  readonly outcomes: Outcomes
  readonly timeouts: number
  readonly received: number
  readonly intendedMs: number
}

/** What several journals, or several stages of one, come to together. */
export function addCounts(all: readonly JournalCounts[]): JournalCounts {
  const sum = (pick: (counts: JournalCounts) => number) => all.reduce((total, counts) => total + pick(counts), 0)
  return {
    started: sum((counts) => counts.started),
    timeouts: sum((counts) => counts.timeouts),
    received: sum((counts) => counts.received),
    intendedMs: sum((counts) => counts.intendedMs),
    outcomes: {
      success: sum((counts) => counts.outcomes.success),
      error: sum((counts) => counts.outcomes.error),
      ignored: sum((counts) => counts.outcomes.ignored),
      refused: sum((counts) => counts.outcomes.refused),
      stale: sum((counts) => counts.outcomes.stale),
    },
  }
}

/** All calls that have ended, refusals among them. */
export function ended(outcomes: Outcomes): number {
  return completed(outcomes) + outcomes.refused
}

/** The calls that were let through and have ended. */
export function completed(outcomes: Outcomes): number {
  return outcomes.success + outcomes.error + outcomes.ignored + outcomes.stale
}
