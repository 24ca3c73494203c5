import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SoakEvidence, SoakRest, SoakThread } from '../../evidence.js'
import type { Plan, SoakPlan } from '../../plan.js'
import { Pauses } from '../../profiler/pauses.js'
import { heapFigures } from '../../profiler/resources.js'
import { monotonicClock, wallTimeText } from '../../world/clock.js'
import type { Arena } from '../arena.js'
import { threadControl } from '../control.js'
import type { Crew, Member } from '../crew.js'
import { growthBetween } from './growth.js'
import { type AskThread, lookAt } from './rest.js'
import { SelfSampler } from './self-sampler.js'

const LOOK_EVERY_MS = 5
/** What calls in flight may take to end, beyond their timeout, before a thread is looked at all the same. */
const SETTLE_MARGIN_MS = 5000

interface Watched {
  readonly thread: string
  readonly rests: SoakRest[]
  heapLimitBytes: number
}

/**
 * The coordinator's part of a soak: at each rest of the plan it looks at every thread, itself first, one after another, as
 * snapshots taken at once would need their memory at once. Workers sample themselves while they work.
 */
export class Soaking {
  readonly notes: string[] = []
  readonly #plan: Plan
  readonly #soak: SoakPlan
  readonly #arena: Arena
  readonly #crew: Crew
  readonly #own: AskThread
  readonly #sampler: SelfSampler
  readonly #watched = new Map<Member | undefined, Watched>()
  readonly #prefix: string
  readonly #firstSnapshot: number
  #restStage = -1
  #isRestOver = false
  #resting: Promise<void> = Promise.resolve()

  constructor(plan: Plan, soak: SoakPlan, arena: Arena, crew: Crew) {
    this.#plan = plan
    this.#soak = soak
    this.#arena = arena
    this.#crew = crew
    const pauses = new Pauses()
    const control = threadControl(pauses)
    this.#own = (question) => question(control)
    const log = arena.sampleLog(0)
    this.#sampler = new SelfSampler(plan, pauses, (sample) => log.write(sample))
    const run = wallTimeText().replaceAll(/[-:]/g, '').replace('T', '-').replace('Z', '')
    this.#prefix = `${plan.scenario}.${plan.target.replaceAll('/', '-')}.${run}`
    const steady = plan.stages.findIndex(({ role }) => role === 'steady')
    this.#firstSnapshot = plan.stages.findLastIndex(({ role }, index) => role === 'rest' && index < steady)
  }

  /** The coordinator's own sample, if one is due. */
  look(atMs: number, stage: number, calls: number): void {
    this.#sampler.look(atMs, stage, () => calls)
  }

  /** Begins what is to do in a rest when it is first asked about it; true once all is done. */
  isRestOver(stage: number): boolean {
    if (this.#restStage !== stage) {
      this.#restStage = stage
      this.#isRestOver = false
      this.#resting = this.#rest(stage)
        .catch((error: unknown) => {
          this.#note(`the rest "${this.#plan.stages[stage]?.name}" was cut short: ${messageOf(error)}`)
        })
        .then(() => {
          this.#isRestOver = true
        })
    }
    return this.#isRestOver
  }

  /** Resolves when nothing is being done any more: a rest that was interrupted ends with the thread that it looks at. */
  settled(): Promise<void> {
    return this.#resting
  }

  /** Once all threads have ended: reads their logs, and compares their snapshots. */
  async evidence(): Promise<SoakEvidence> {
    const threads: SoakThread[] = []
    for (const member of [undefined, ...this.#crew.members]) {
      const { thread, rests, heapLimitBytes } = this.#watch(member)
      const growth = await growthBetween(rests, (text) => this.#note(`${thread}: ${text}`))
      const samples = this.#arena.sampleLog(member ? member.worker + 1 : 0).read()
      threads.push({ thread, heapLimitBytes, samples, rests, ...(growth ? { growth } : {}) })
    }
    return { threads, sharedBytes: this.#arena.buffer.byteLength }
  }

  async #rest(stage: number): Promise<void> {
    await this.#untilNothingIsInFlight(stage)
    for (const member of [undefined, ...this.#crew.ready()]) {
      if (!this.#isIn(stage)) return
      const watched = this.#watch(member)
      const ask: AskThread = member
        ? (question, limitMs) => member.control.call((remote) => question(remote as never), limitMs)
        : this.#own
      try {
        const found = await lookAt(ask, {
          snapshotFile: this.#snapshotFile(stage, watched.thread),
          note: (text) => this.#note(`${watched.thread}: ${text}`),
        })
        watched.heapLimitBytes = (await ask((thread) => thread.heap())).limitBytes
        const atMs = monotonicClock.nowMs() - (this.#arena.gate.startMs(0) ?? 0)
        watched.rests.push({ stage, atMs, ...found })
      } catch (error) {
        this.#note(`${watched.thread} was not looked at in "${this.#plan.stages[stage]?.name}": ${messageOf(error)}`)
      }
    }
  }

  async #untilNothingIsInFlight(stage: number): Promise<void> {
    const limitMs = this.#plan.timeoutMs + SETTLE_MARGIN_MS
    for (let waitedMs = 0; waitedMs < limitMs && this.#isIn(stage); waitedMs += LOOK_EVERY_MS) {
      if (this.#crew.ready().every(({ journal }) => journal.restsIn(stage))) return
      await sleep(LOOK_EVERY_MS)
    }
    const busy = this.#crew.ready().filter(({ journal }) => !journal.restsIn(stage))
    for (const { worker } of busy) {
      this.#note(`worker-${worker} still had calls in flight when it was looked at in "${this.#plan.stages[stage]?.name}"`)
    }
  }

  #isIn(stage: number): boolean {
    return this.#arena.gate.stage() === stage
  }

  #snapshotFile(stage: number, thread: string): string | undefined {
    const { snapshotDirectory } = this.#soak
    if (snapshotDirectory === undefined || stage < this.#firstSnapshot) return undefined
    const name = this.#plan.stages[stage]?.name.replaceAll(' ', '-')
    return join(snapshotDirectory, `${this.#prefix}.${thread}.${name}.heapsnapshot`)
  }

  #watch(member: Member | undefined): Watched {
    const known = this.#watched.get(member)
    if (known) return known
    const thread = member ? `worker-${member.worker}` : 'coordinator'
    // A worker that never rested has not been asked for its limit; it is that of all threads alike.
    const watched: Watched = { thread, rests: [], heapLimitBytes: heapFigures().limitBytes }
    this.#watched.set(member, watched)
    return watched
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
