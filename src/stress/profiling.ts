import { join } from 'node:path'
import type { Plan } from '../plan.js'
import type { CpuProfile, ProfilerKind } from '../profiler/capture/cpu-profile.js'
import { wallTimeText } from '../world/clock.js'
import type { Member } from './crew.js'

/**
 * A CPU profile of the coordinator and of each worker, if the plan names a folder for them.
 *
 * Profiles stop before any thread ends: ending a worker while the native profiler runs kills the process. Where workers
 * are killed the inspector profiles instead, which survives that; a killed worker's profile is lost with it.
 */
export class Profiling {
  readonly files: string[] = []
  readonly notes: string[] = []
  readonly #plan: Plan
  readonly #directory: string | undefined
  readonly #prefix: string
  readonly #profiled = new Set<Member>()
  #own: CpuProfile | undefined

  constructor(plan: Plan) {
    this.#plan = plan
    this.#directory = plan.profileDirectory
    const run = wallTimeText().replaceAll(/[-:]/g, '').replace('T', '-').replace('Z', '')
    this.#prefix = `${plan.scenario}.${plan.target}.${run}`
  }

  async start(members: readonly Member[]): Promise<void> {
    if (this.#directory === undefined) return
    const kind: ProfilerKind = this.#plan.kills > 0 ? 'inspector' : 'native'
    const { startCpuProfile } = await import('../profiler/capture/cpu-profile.js')
    this.#own = await startCpuProfile(kind, 'coordinator')
    this.#note(this.#own.note)
    await Promise.all(members.map((member) => this.#startIn(member, kind)))
  }

  /** Stops every profile that runs and writes it; can be called again. */
  async stop(): Promise<void> {
    const own = this.#own
    this.#own = undefined
    if (own) await this.#write('coordinator', (file) => own.stop(file))
    const profiled = [...this.#profiled]
    this.#profiled.clear()
    await Promise.all(profiled.map((member) => this.#stopIn(member)))
    this.files.sort()
  }

  async #startIn(member: Member, kind: ProfilerKind): Promise<void> {
    const thread = `worker-${member.worker}`
    await this.#try(thread, async () => {
      this.#note(await member.control.call((remote) => remote.startProfile(kind, thread)))
      this.#profiled.add(member)
    })
  }

  async #stopIn(member: Member): Promise<void> {
    const thread = `worker-${member.worker}`
    if (member.end === 'killed') this.notes.push(`no profile of ${thread}: it was killed`)
    else await this.#write(thread, (file) => member.control.call((remote) => remote.stopProfile(file)))
  }

  /** Every thread has the same to say, so it is said once. */
  #note(note: string | undefined): void {
    if (note !== undefined && !this.notes.includes(note)) this.notes.push(note)
  }

  #write(thread: string, stop: (file: string) => Promise<void>): Promise<void> {
    const file = join(this.#directory ?? '', `${this.#prefix}.${thread}.cpuprofile`)
    return this.#try(thread, async () => {
      await stop(file)
      this.files.push(file)
    })
  }

  /** A profile that fails is said in the report; the run goes on without it. */
  async #try(thread: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.notes.push(`no profile of ${thread}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
