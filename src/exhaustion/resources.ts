import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Situation } from '../downstream.js'
import { EngineError } from '../engine.js'
import type { CaseEvidence, CaseName, DescriptorEvidence } from '../exhaustion.js'
import type { ExhaustionCase, Holder } from '../exhaustion-case.js'
import type { Plan } from '../plan.js'
import { descriptorLimit, openDescriptors } from '../profiler/descriptors.js'
import { inFlightMax } from '../stage-load.js'
import { caseOf } from './case-of.js'
import { Signs } from './signs.js'

/** What workers are told of the resources, as text. */
export interface Address {
  readonly folder: string
  readonly ports: readonly number[]
}

const LOOK_EVERY_MS = 10

/**
 * The coordinator's end of a case: whoever uses the resource up does so while a stage is an outage, and gives it back when that
 * ends; meanwhile the descriptors of the process are counted, without those that are taken to use them up.
 */
export class Resources {
  readonly address: string
  readonly workerHeap: ExhaustionCase['workerHeap']
  readonly #name: CaseName
  readonly #plan: Plan
  readonly #situation: Situation
  readonly #holder: Holder
  readonly #folder: string
  readonly #timer: NodeJS.Timeout
  #isHolding = false
  #peak: number | undefined

  static async open(plan: Plan, situation: Situation): Promise<Resources> {
    const [name, ...others] = plan.exhaustion?.cases ?? []
    if (name === undefined || others.length > 0) throw new EngineError('ERR_PLAN', 'one case a process')
    const used = await caseOf(name)
    const missing = used.missing()
    if (missing !== undefined) throw new EngineError('ERR_PLAN', `case ${name}: ${missing}`)
    const holder = await used.open({ inFlight: inFlightMax(plan) })
    const folder = await mkdtemp(join(tmpdir(), 'busbar-exhaustion-'))
    return new Resources(plan, situation, name, used, holder, folder)
  }

  private constructor(
    plan: Plan,
    situation: Situation,
    name: CaseName,
    { workerHeap }: ExhaustionCase,
    holder: Holder,
    folder: string,
  ) {
    this.#plan = plan
    this.#situation = situation
    this.#name = name
    this.#holder = holder
    this.#folder = folder
    this.workerHeap = workerHeap
    const address: Address = { folder, ports: holder.ports ?? [] }
    this.address = JSON.stringify(address)
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /** Once all workers have ended; what they leave behind is then there to be counted. `signs` are those of all workers. */
  async evidence(signs: readonly Readonly<Record<string, number>>[]): Promise<CaseEvidence> {
    const all = new Signs()
    for (const seen of signs) for (const [sign, times] of Object.entries(seen)) all.note(sign, times)
    const files = (await readdir(this.#folder)).length
    const limit = descriptorLimit()
    const descriptors: DescriptorEvidence | undefined =
      this.#peak === undefined ? undefined : { peak: this.#peak, ...(limit === undefined ? {} : { limit }) }
    return {
      case: this.#name,
      signs: all.counts,
      ...(descriptors ? { descriptors } : {}),
      left: { files, handles: {} },
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#holder.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #look(): void {
    // Before they are all taken: to count them takes one.
    const open = openDescriptors()
    const held = this.#holder.descriptors ?? 0
    if (open !== undefined) this.#peak = Math.max(this.#peak ?? 0, open - held)
    const isWanted = this.#plan.stages[this.#situation.stage()]?.role === 'outage'
    if (isWanted) this.#holder.hold()
    else if (this.#isHolding) this.#holder.release()
    this.#isHolding = isWanted
  }
}
