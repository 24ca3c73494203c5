import type { MemoryEvidence, MemorySample, Outcomes, ThroughputSample } from '../evidence.js'
import { heapHeldMb, residentMb } from '../profiler/resources.js'
import type { Member } from './crew.js'
import { addCounts, completed, type JournalCounts } from './journal.js'

export const SAMPLE_EVERY_MS = 100
const WINDOW_MS = 5000
/** At this many samples every other one is dropped and the interval doubles: a day fits as well as a second. */
const SAMPLES_MAX = 3000

/** Looks at a run ten times a second: memory of the process and of each thread, counters, current throughput. */
export class Sampler {
  readonly memory: MemorySample[] = []
  readonly throughput: ThroughputSample[] = []
  readonly #window: { atMs: number; outcomes: Outcomes }[] = []
  #baseline: MemorySample | undefined
  #peak: MemorySample | undefined
  /** The most that the heaps held since the baseline; and until the peak, which is what was still resident then. */
  #heapsMost = 0
  #heapsAtPeak = 0
  #nextMs = 0
  #keepEveryMs: number
  #keepMs = 0
  #counts: JournalCounts = addCounts([])

  /** What is kept is retained: a soak keeps less, or it would see little else in the coordinator's heap. */
  constructor(
    keepEveryMs = SAMPLE_EVERY_MS,
    private readonly processMb = residentMb,
    private readonly ownHeapMb = heapHeldMb,
  ) {
    this.#keepEveryMs = keepEveryMs
  }

  get counts(): JournalCounts {
    return this.#counts
  }

  get residentMb(): number {
    return this.memory.at(-1)?.residentMb ?? this.processMb()
  }

  get perSecond(): number {
    return this.throughput.at(-1)?.perSecond ?? 0
  }

  /** Takes a sample if one is due; returns whether it did. Times are since the gate opened. */
  look(atMs: number, members: readonly Member[]): boolean {
    if (atMs < this.#nextMs) return false
    this.#nextMs = atMs + SAMPLE_EVERY_MS
    this.#counts = addCounts(members.map((member) => member.journal.counts()))
    const kept = atMs >= this.#keepMs
    if (kept) this.#keepMs = atMs + this.#keepEveryMs
    this.#sampleThroughput(atMs, kept)
    const sample = this.#sampleMemory(atMs, members)
    if (kept) this.memory.push(sample)
    if (this.memory.length >= SAMPLES_MAX) this.#thin()
    return true
  }

  /** The pool is warm: what the process holds from now on beyond this is growth. */
  markBaseline(atMs: number, members: readonly Member[]): void {
    this.#baseline = this.#sampleMemory(atMs, members)
    this.#peak = this.#baseline
    this.#heapsMost = heapOf(this.#baseline)
    this.#heapsAtPeak = this.#heapsMost
  }

  memoryEvidence(): MemoryEvidence {
    const base = this.#baseline ?? this.memory[0]
    const growthMb = base && this.#peak ? Math.max(0, this.#peak.residentMb - base.residentMb) : 0
    // Pages that a heap has given up stay with the process, so what counts is the most that it held until then.
    const heapsGrowthMb = base && this.#peak ? this.#heapsAtPeak - heapOf(base) : 0
    return {
      samples: this.memory,
      baselineMb: base?.residentMb ?? 0,
      growthMb,
      threadsGrowthMb: Math.min(growthMb, Math.max(0, heapsGrowthMb)),
    }
  }

  #sampleThroughput(atMs: number, kept: boolean): void {
    const { outcomes } = this.#counts
    this.#window.push({ atMs, outcomes })
    while (this.#window.length > 2 && (this.#window[1]?.atMs ?? 0) <= atMs - WINDOW_MS) this.#window.shift()
    const first = this.#window[0]
    // In the first five seconds the window reaches back to the opening, where all counts were zero.
    const from = first && first.atMs > SAMPLE_EVERY_MS ? first : { atMs: 0, outcomes: addCounts([]).outcomes }
    const seconds = Math.max(1, atMs - from.atMs) / 1000
    const perSecond = (completed(outcomes) - completed(from.outcomes)) / seconds
    const refusedPerSecond = (outcomes.refused - from.outcomes.refused) / seconds
    const sample = {
      atMs,
      completed: completed(outcomes),
      refused: outcomes.refused,
      perSecond,
      refusedPerSecond,
    }
    if (kept || this.throughput.length === 0) this.throughput.push(sample)
    else this.throughput[this.throughput.length - 1] = sample
  }

  #sampleMemory(atMs: number, members: readonly Member[]): MemorySample {
    const alive = members.filter((member) => member.end === undefined)
    const sample = {
      atMs,
      residentMb: this.processMb(),
      heapMb: [this.ownHeapMb(), ...alive.map((member) => member.journal.heapMb)],
    }
    if (this.#peak) {
      this.#heapsMost = Math.max(this.#heapsMost, heapOf(sample))
      if (sample.residentMb > this.#peak.residentMb) {
        this.#peak = sample
        this.#heapsAtPeak = this.#heapsMost
      }
    }
    return sample
  }

  #thin(): void {
    this.#keepEveryMs *= 2
    for (const list of [this.memory, this.throughput]) {
      const kept = list.filter((_, index) => index % 2 === 0)
      list.length = 0
      Object.assign(list, kept)
    }
  }
}

function heapOf(sample: MemorySample): number {
  return sample.heapMb.reduce((sum, heapMb) => sum + heapMb, 0)
}
