import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SoakEvidence, SoakRest, SoakThread } from '../../evidence.js'
import type { Plan, SoakPlan } from '../../plan.js'
import { nameInFiles } from '../../plug-in-path.js'
import { heapFigures } from '../../profiler/resources.js'
import { monotonicClock, wallTimeText } from '../../world/clock.js'
import type { Arena } from '../arena.js'
import type { Crew, Member } from '../crew.js'
import type { Profiling } from '../profiling/profiling.js'
import { type Snapshotted, takeSnapshots } from '../profiling/snapshots.js'
import type { Rest } from '../rests.js'
import { growthBetween } from './growth.js'
import { restFigures } from './rest-figures.js'
import { SelfSampler } from './self-sampler.js'

interface Watched extends Snapshotted {
  /** Its place among the sample logs. */
  readonly log: number
  readonly rests: SoakRest[]
  heapLimitBytes: number
}

/**
 * The coordinator's part of a soak: in each rest of the plan it looks at every thread. Workers sample themselves while
 * they work.
 *
 * All rests do the same, in the same order, for what is loaded and compiled to look at a thread stays in its heap: so it is
 * on both sides of each comparison. A rest before the one that the soak is compared with has its snapshot thrown away.
 */
export class Soaking {
  readonly notes: string[] = []
  readonly #plan: Plan
  readonly #soak: SoakPlan
  readonly #arena: Arena
  readonly #crew: Crew
  readonly #tell: (note: string) => void
  readonly #sampler: SelfSampler
  readonly #coordinator: Watched
  readonly #workers = new Map<Member, Watched>()
  readonly #prefix: string
  readonly #firstKept: number

  /** `tell`: hears before a thread stands still for long. */
  constructor(
    plan: Plan,
    soak: SoakPlan,
    arena: Arena,
    crew: Crew,
    { own, ownPauses }: Profiling,
    tell: (note: string) => void = () => {},
  ) {
    this.#plan = plan
    this.#soak = soak
    this.#arena = arena
    this.#crew = crew
    this.#tell = tell
    this.#coordinator = watched('coordinator', 0, (question) => question(own))
    const log = arena.sampleLog(0)
    this.#sampler = new SelfSampler(plan, ownPauses, (sample) => log.write(sample))
    const run = wallTimeText().replaceAll(/[-:Z]/g, '').replaceAll(/[T.]/g, '-')
    this.#prefix = `${nameInFiles(plan.scenario)}.${nameInFiles(plan.target)}.${run}`
    const steady = plan.stages.findIndex(({ role }) => role === 'steady')
    this.#firstKept = plan.stages.findLastIndex(({ role }, index) => role === 'rest' && index < steady)
  }

  /** The coordinator's own sample, if one is due. */
  look(atMs: number, stage: number, calls: number): void {
    this.#sampler.look(atMs, stage, () => ({ calls, inFlight: 0 }))
  }

  /** Looks at every thread; what can't be had of one is noted, and costs the others nothing. */
  async visit({ stage, signal }: Rest): Promise<void> {
    const index = this.#plan.stages.indexOf(stage)
    const threads = [this.#coordinator, ...this.#crew.ready().map((member) => this.#worker(member))]
    const snapshots = await this.#snapshots(threads, index, signal)
    await Promise.all(
      threads.map(async (thread) => {
        try {
          const { heapLimitBytes, ...figures } = await restFigures(thread, this.#soak.snapshotDirectory === undefined)
          thread.heapLimitBytes = heapLimitBytes
          const atMs = monotonicClock.nowMs() - (this.#arena.gate.startMs(0) ?? 0)
          const snapshot = snapshots.get(thread.thread)
          thread.rests.push({ stage: index, atMs, ...figures, ...(snapshot ? { snapshot } : {}) })
        } catch (error) {
          this.#note(`${thread.thread} was not looked at in "${stage.name}": ${messageOf(error)}`)
        }
      }),
    )
  }

  /** Once all threads have ended: reads their logs, and compares their snapshots. */
  async evidence(): Promise<SoakEvidence> {
    const threads: SoakThread[] = []
    for (const watched of [this.#coordinator, ...this.#crew.members.map((member) => this.#worker(member))]) {
      const { thread, rests, heapLimitBytes, log } = watched
      const growth = await growthBetween(rests, (text) => this.#note(`${thread}: ${text}`))
      const samples = this.#arena.sampleLog(log).read()
      threads.push({ thread, heapLimitBytes, samples, rests, ...(growth ? { growth } : {}) })
    }
    return { threads, sharedBytes: this.#arena.buffer.byteLength }
  }

  async #snapshots(threads: readonly Watched[], stage: number, signal: AbortSignal) {
    const directory = this.#soak.snapshotDirectory
    if (directory === undefined) return new Map<string, SoakRest['snapshot']>()
    const moment = this.#plan.stages[stage]?.name.replaceAll(' ', '-')
    const fileOf = (thread: string) => join(directory, `${this.#prefix}.${thread}.${moment}.heapsnapshot`)
    const { taken, notes } = await takeSnapshots(threads, fileOf, this.#tell, signal)
    for (const note of notes) this.#note(note)
    if (stage >= this.#firstKept) return new Map(taken.map(({ thread, ...snapshot }) => [thread, snapshot]))
    await Promise.all(taken.map(({ file }) => rm(file, { force: true })))
    return new Map<string, SoakRest['snapshot']>()
  }

  #worker(member: Member): Watched {
    const known = this.#workers.get(member)
    if (known) return known
    const { worker, control } = member
    const made = watched(`worker-${worker}`, worker + 1, (question, limitMs) => control.call(question, limitMs))
    this.#workers.set(member, made)
    return made
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text)
  }
}

/** A worker that never rested has not been asked for its limit; it is that of all threads alike. */
function watched(thread: string, log: number, ask: Snapshotted['ask']): Watched {
  return { thread, log, ask, rests: [], heapLimitBytes: heapFigures().limitBytes }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
