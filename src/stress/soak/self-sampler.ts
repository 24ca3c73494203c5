import type { SoakSample } from '../../evidence.js'
import type { Plan, Stage } from '../../plan.js'
import { collectGarbage } from '../../profiler/capture/garbage.js'
import type { Pauses } from '../../profiler/pauses.js'
import { heapFigures } from '../../profiler/resources.js'

/** Collections take at most one tenth of a thread's time, however large its heap has grown … */
const PAUSES_APART = 10
/** … unless then there were too few samples for a trend of each half: for that, they may take up to a third of it. */
const SAMPLES_WANTED = 50
const PAUSES_APART_MIN = 2

export type CallsSoFar = Pick<SoakSample, 'calls' | 'inFlight'>

/** One thread's look at its own heap: it collects its garbage, and what is left is retained. */
export class SelfSampler {
  readonly #everyMs: number
  readonly #seldomMs: number
  readonly #collect: () => number
  readonly #keep: (sample: SoakSample) => unknown
  readonly #sampled: readonly boolean[]
  #stage = -1
  #nextMs = 0

  /** `keep` must not hold on to anything in this thread's heap. `collect` answers with how long that took. */
  constructor(
    plan: Plan,
    pauses: Pauses,
    keep: (sample: SoakSample) => unknown,
    collect: () => number = () => collectGarbage(pauses),
  ) {
    this.#everyMs = plan.soak?.sampleEveryMs ?? Number.POSITIVE_INFINITY
    this.#seldomMs = Math.max(...plan.stages.map(soakedMs)) / SAMPLES_WANTED
    this.#collect = collect
    this.#keep = keep
    // A rest is looked at by the coordinator, with more patience.
    this.#sampled = plan.stages.map(({ role }) => role !== 'rest')
  }

  /** Takes a sample if one is due. `atMs` is since the gate opened; `calls` is asked for only then. */
  look(atMs: number, stage: number, calls: () => CallsSoFar): void {
    if (!this.#sampled[stage]) return
    if (stage !== this.#stage) {
      // The first sample of a stage comes one interval into it, as the others do.
      this.#stage = stage
      this.#nextMs = atMs + this.#everyMs
    }
    if (atMs < this.#nextMs) return
    const pauseMs = this.#collect()
    const { usedBytes, externalBytes } = heapFigures()
    this.#keep({ atMs: atMs + pauseMs, stage, ...calls(), usedBytes, externalBytes, pauseMs })
    const apartMs = Math.max(PAUSES_APART_MIN * pauseMs, Math.min(PAUSES_APART * pauseMs, this.#seldomMs))
    this.#nextMs = Math.max(atMs + this.#everyMs, atMs + pauseMs + apartMs)
  }
}

function soakedMs({ role, durationMs }: Stage): number {
  return role === 'steady' ? durationMs : 0
}

/** How many samples a thread takes at most. */
export function samplesMax({ stages, soak }: Plan): number {
  if (!soak) return 0
  const sampledMs = stages.reduce((sum, { role, durationMs }) => sum + (role === 'rest' ? 0 : durationMs), 0)
  return Math.ceil(sampledMs / soak.sampleEveryMs) + 1
}
