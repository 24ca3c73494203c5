import { join } from 'node:path'
import type { PauseEvidence } from '../../evidence.js'
import type { Plan } from '../../plan.js'
import { nameInFiles } from '../../plug-in-path.js'
import { Pauses } from '../../profiler/pauses.js'
import { wallTimeText } from '../../world/clock.js'
import { type RunningKind, type ThreadControl, threadControl } from '../control.js'
import type { Member } from '../crew.js'
import type { Rest } from '../rests.js'
import { type Snapshotted, takeSnapshots } from './snapshots.js'

const extensions: Readonly<Record<RunningKind, string>> = { cpu: 'cpuprofile', allocation: 'heapprofile' }

/** One thread as profiling sees it; `ask` ends after a limit, whatever has become of the thread. */
interface Profiled extends Snapshotted {
  readonly running: Set<RunningKind>
  readonly isKilled: () => boolean
}

/**
 * What the plan wants written down of the coordinator and of each worker.
 *
 * Profiles stop before any thread ends: ending a worker while the native profiler runs kills the process. Where workers
 * are killed the inspector profiles instead, which survives that; a killed worker's profiles are lost with it. Its
 * successor is not profiled, but its heap is looked at as any other.
 */
export class Profiling {
  readonly files: string[] = []
  readonly notes: string[] = []
  readonly #plan: Plan
  readonly #prefix: string
  /** The coordinator's own. */
  readonly ownPauses = new Pauses()
  readonly own: ThreadControl = threadControl(this.ownPauses)
  readonly #tell: (note: string) => void
  #profiled: Profiled[] = []

  /** `tell`: hears before a thread stands still for long. */
  constructor(plan: Plan, tell: (note: string) => void = () => {}) {
    this.#plan = plan
    this.#tell = tell
    const run = wallTimeText().replaceAll(/[-:Z]/g, '').replaceAll(/[T.]/g, '-')
    this.#prefix = join(
      plan.profile?.directory ?? '',
      `${nameInFiles(plan.scenario)}.${nameInFiles(plan.target)}.${run}`,
    )
  }

  async start(members: readonly Member[]): Promise<void> {
    const kinds = (this.#plan.profile?.kinds ?? []).filter((kind) => kind !== 'heap')
    if (kinds.length === 0) return
    const profiler = this.#plan.kills > 0 ? 'inspector' : 'native'
    if (profiler === 'inspector') {
      this.#note(
        'node:inspector takes the profiles: with v8-profiler-next, a worker that is killed takes the process along',
      )
    }
    this.#profiled = [this.#coordinator(), ...members.map((member) => this.#worker(member))]
    await Promise.all(
      this.#profiled.flatMap((profiled) =>
        kinds.map((kind) =>
          this.#try(`${kind} profile`, profiled.thread, async () => {
            this.#note(await profiled.ask((control) => control.startProfile(kind, profiler, profiled.thread)))
            profiled.running.add(kind)
          }),
        ),
      ),
    )
  }

  /** Stops every profile that runs and writes it; can be called again. */
  async stop(): Promise<void> {
    const profiled = this.#profiled
    this.#profiled = []
    // Allocations first, or what it takes to end the other profile would be among them.
    for (const kind of ['allocation', 'cpu'] as const) {
      await Promise.all(profiled.filter(({ running }) => running.has(kind)).map((one) => this.#stop(one, kind)))
    }
    this.files.sort()
  }

  /** Heap snapshots of all threads, in a rest. */
  async visit({ index, count, signal }: Rest, members: readonly Member[]): Promise<void> {
    if (!this.#plan.profile?.kinds.includes('heap')) return
    const moment = index === 0 ? 'before' : index === count - 1 ? 'after' : `between-${index}`
    const alive = members.filter(({ end }) => end === undefined)
    const threads = [this.#coordinator(), ...alive.map((member) => this.#worker(member))]
    const fileOf = (thread: string) => `${this.#prefix}.${thread}.${moment}.heapsnapshot`
    const { files, notes } = await takeSnapshots(threads, fileOf, this.#tell, signal)
    this.files.push(...files)
    for (const note of notes) this.#note(note)
  }

  /** Threads that stood still; workers tell as they end, so one that was killed is not among them. */
  pauses(members: readonly Member[]): PauseEvidence[] {
    const workers = members.map(({ worker, answer }) => ({ thread: nameOf(worker), pauseMs: answer?.pauseMs ?? 0 }))
    return [{ thread: 'coordinator', pauseMs: this.ownPauses.totalMs }, ...workers].filter(({ pauseMs }) => pauseMs > 0)
  }

  #coordinator(): Profiled {
    return { thread: 'coordinator', running: new Set(), isKilled: () => false, ask: (act) => act(this.own) }
  }

  #worker(member: Member): Profiled {
    return {
      thread: nameOf(member.worker),
      running: new Set(),
      isKilled: () => member.end === 'killed',
      ask: (act, limitMs) => member.control.call(act, limitMs),
    }
  }

  async #stop({ thread, isKilled, ask }: Profiled, kind: RunningKind): Promise<void> {
    if (isKilled()) {
      this.notes.push(`no ${kind} profile of ${thread}: it was killed`)
      return
    }
    const file = `${this.#prefix}.${thread}.${extensions[kind]}`
    await this.#try(`${kind} profile`, thread, async () => {
      await ask((control) => control.stopProfile(kind, file))
      this.files.push(file)
    })
  }

  /** Every thread has the same to say, so it is said once. */
  #note(note: string | undefined): void {
    if (note !== undefined && !this.notes.includes(note)) this.notes.push(note)
  }

  /** A profile that fails is said in the report; the run goes on without it. */
  async #try(what: string, thread: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.notes.push(`no ${what} of ${thread}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

function nameOf(worker: number): string {
  return `worker-${worker}`
}
