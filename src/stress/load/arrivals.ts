import type { Plan, StageLoad } from '../../plan.js'
import { loadOf } from '../../stage-load.js'

type OpenLoad = Extract<StageLoad, { model: 'open' }>

/** Stages through which one rate, or one ramp, goes on without a break. */
interface Stretch {
  readonly firstStage: number
  readonly load: OpenLoad
  /** Of its ramp. */
  readonly durationMs: number
}

/** Where the run stands, as far as arrivals need it: the gate. */
export interface StageTimes {
  stage(): number
  startMs(stage: number): number | undefined
}

/**
 * When the requests of one worker in an open load are due, whatever became of the ones before: of all workers' arrivals in a
 * stretch, numbered from 0, worker w of W has w, w + W, w + 2W … Arrival n is due when the rate, summed up since the stretch
 * began, comes to n. A stage with a load of its own begins anew with arrival 0 when the stage begins; what was due before that is
 * still given out first, so that a worker which was late over the end of a stage omits nothing.
 */
export class Arrivals {
  readonly #stretches: readonly Stretch[]
  readonly #times: StageTimes
  readonly #slot: number
  readonly #slots: number
  #stretch: number
  #startMs: number
  #taken: number

  /** One that takes over, from a killed worker or after a rest, begins with the first that is due at `fromMs` or later. */
  constructor(plan: Plan, times: StageTimes, slot: number, slots: number, fromMs: number) {
    this.#stretches = stretchesOf(plan)
    this.#times = times
    this.#slot = slot
    this.#slots = slots
    const begun = ({ firstStage }: Stretch) => (times.startMs(firstStage) ?? Number.POSITIVE_INFINITY) <= fromMs
    this.#stretch = Math.max(0, this.#stretches.findLastIndex(begun))
    this.#startMs = times.startMs(this.#current().firstStage) ?? fromMs
    const missed = arrivalsUntil(this.#current(), (fromMs - this.#startMs) / 1000)
    this.#taken = Math.max(0, Math.ceil((missed - slot) / slots))
  }

  /** When the next one is due, on the process's monotonic clock; the same until it is taken. */
  nextMs(): number {
    for (;;) {
      const dueMs = this.#startMs + 1000 * dueAfter(this.#current(), this.#slot + this.#taken * this.#slots)
      const next = this.#stretches[this.#stretch + 1]
      // The gate is one load; a stage's start is looked up only where another has begun.
      if (!next || this.#times.stage() < next.firstStage) return dueMs
      const nextMs = this.#times.startMs(next.firstStage)
      if (nextMs === undefined || dueMs < nextMs) return dueMs
      this.#stretch += 1
      this.#startMs = nextMs
      this.#taken = 0
    }
  }

  take(): void {
    this.#taken += 1
  }

  #current(): Stretch {
    return this.#stretches[this.#stretch] as Stretch
  }
}

/** A ramp is a stretch of its own; so are stages whose rates differ. */
function stretchesOf(plan: Plan): Stretch[] {
  const stretches: Stretch[] = []
  for (const [index, { durationMs }] of plan.stages.entries()) {
    const load = loadOf(plan, index)
    if (load.model !== 'open') continue
    const before = stretches.at(-1)
    if (!before || !goesOn(before.load, load)) stretches.push({ firstStage: index, load, durationMs })
  }
  return stretches
}

function goesOn(before: OpenLoad, load: OpenLoad): boolean {
  return (
    before.toRatePerSecond === undefined &&
    load.toRatePerSecond === undefined &&
    before.ratePerSecond === load.ratePerSecond
  )
}

/** The rate summed up over the first so many seconds. */
function arrivalsUntil({ load, durationMs }: Stretch, seconds: number): number {
  const { ratePerSecond: from, toRatePerSecond: to = from } = load
  const ramp = durationMs / 1000
  if (seconds <= 0) return 0
  if (from === to) return seconds * from
  if (seconds <= ramp) return seconds * from + ((to - from) * seconds * seconds) / (2 * ramp)
  return ((from + to) / 2) * ramp + (seconds - ramp) * to
}

/** Seconds after which the rate, summed up, comes to `arrivals`: the inverse of the above. */
function dueAfter({ load, durationMs }: Stretch, arrivals: number): number {
  const { ratePerSecond: from, toRatePerSecond: to = from } = load
  if (from === to) return arrivals / from
  const ramp = durationMs / 1000
  const inRamp = ((from + to) / 2) * ramp
  if (arrivals > inRamp) return ramp + (arrivals - inRamp) / to
  // Of the two forms of a quadratic equation's root the one that loses no digits where the ramp is nearly level.
  return (2 * arrivals) / (from + Math.sqrt(from * from + (2 * (to - from) * arrivals) / ramp))
}
