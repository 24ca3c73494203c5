import type { Plan, Stage } from '../plan.js'
import type { Random } from '../world/random.js'
import { partSeed, seededRandom } from '../world/seeded-random.js'
import type { Crew } from './crew.js'
import type { Gate } from './gate.js'

const INTERVAL_MS_MIN = 20
const INTERVAL_MS_MAX = 50
/** How long the last stage may be held for kills that are still due, for each of them. */
const HOLD_MS_A_KILL = 500
const KILL_SEED_PART = 1_000_003

/**
 * Terminates random workers while the measured stages run, exactly as often as the plan says.
 *
 * Kills are spread over the time that the plan gives, or come every 50 ms where stages may end early; the last stage is
 * held open until all are done; a rest is left in peace. Where a resource is used up, workers are killed in that time alone. Never
 * more than half of the crew is missing at once.
 */
export class Kills {
  readonly #plan: Plan
  readonly #gate: Gate
  readonly #crew: Crew
  readonly #random: Random
  readonly #intervalMs: number
  readonly #firstMeasured: number
  #done = 0
  #nextMs = 0
  #holdUntilMs = Number.POSITIVE_INFINITY

  constructor(plan: Plan, gate: Gate, crew: Crew, firstMeasured: number) {
    this.#plan = plan
    this.#gate = gate
    this.#crew = crew
    this.#random = seededRandom(partSeed(plan.seed, KILL_SEED_PART))
    this.#firstMeasured = firstMeasured
    const measured = plan.stages.slice(firstMeasured).filter((stage) => this.#isFor(stage))
    const endsEarly = measured.some((stage) => stage.requests !== undefined || stage.untilCircuit !== undefined)
    // The last successor is to see something of what is used up.
    const parts = plan.kills + (plan.exhaustion ? 3 : 1)
    const evenMs = measured.reduce((sum, stage) => sum + stage.durationMs, 0) / parts
    this.#intervalMs = Math.max(INTERVAL_MS_MIN, endsEarly ? Math.min(evenMs, INTERVAL_MS_MAX) : evenMs)
    if (plan.kills > 0) gate.hold(plan.stages.findLastIndex((stage) => this.#isFor(stage)))
  }

  get done(): number {
    return this.#done
  }

  /** Kills one worker if it is time to. */
  look(nowMs: number): void {
    const { kills } = this.#plan
    const stage = this.#gate.stage()
    if (this.#done >= kills || stage < this.#firstMeasured || stage >= this.#gate.stages) return
    if (!this.#isFor(this.#plan.stages[stage])) return
    if (this.#nextMs === 0) {
      this.#nextMs = nowMs + this.#intervalMs
      this.#holdUntilMs = nowMs + kills * (HOLD_MS_A_KILL + this.#intervalMs)
    }
    if (nowMs > this.#holdUntilMs) this.#gate.hold()
    if (nowMs < this.#nextMs) return
    const ready = this.#crew.ready()
    const slots = new Set(this.#crew.members.map((member) => member.slot)).size
    const victim = ready[Math.floor(this.#random.next() * ready.length)]
    if (!victim || ready.length - 1 < Math.floor(slots / 2)) return
    this.#crew.kill(victim)
    this.#done += 1
    this.#nextMs = nowMs + this.#intervalMs
    if (this.#done === kills) this.#gate.hold()
  }

  #isFor(stage: Stage | undefined): boolean {
    return this.#plan.exhaustion ? stage?.role === 'outage' : stage?.role !== 'rest'
  }
}
