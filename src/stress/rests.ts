import type { Plan, Stage } from '../plan.js'
import type { Crew } from './crew.js'
import type { Gate } from './gate.js'

/** A rest that has come: no call is in flight, and none starts before the visit is over. */
export interface Rest {
  readonly stage: Stage
  /** Which of the plan's rests this is, from 0, and how many there are. */
  readonly index: number
  readonly count: number
  /** Aborted when the rest's time is over, or the run is interrupted: what has not begun by then should not. */
  readonly signal: AbortSignal
}

/** What is done in a rest. */
export type Visit = (rest: Rest) => Promise<void>

/**
 * Sees to the stages in which workers rest: waits until their calls in flight have ended, lets the visit do what must not
 * disturb any, and ends the stage. If calls are still in flight when the stage's time is over, the visit is left out.
 */
export class Rests {
  readonly notes: string[] = []
  readonly #plan: Plan
  readonly #gate: Gate
  readonly #crew: Pick<Crew, 'ready'>
  readonly #visit: Visit
  #visiting: { readonly stage: number; readonly over: Promise<void>; readonly abort: AbortController } | undefined

  constructor(plan: Plan, gate: Gate, crew: Pick<Crew, 'ready'>, visit: Visit) {
    this.#plan = plan
    this.#gate = gate
    this.#crew = crew
    this.#visit = visit
  }

  /** Whether the run rests now; takes the rest a step further if it does. */
  look(nowMs: number): boolean {
    const index = this.#gate.stage()
    const stage = this.#plan.stages[index]
    if (this.#visiting && this.#visiting.stage !== index) this.#visiting.abort.abort()
    if (stage?.role !== 'rest') return false
    const isOver = nowMs >= (this.#gate.startMs(index) ?? nowMs) + stage.durationMs
    if (this.#visiting?.stage === index) {
      if (isOver) this.#visiting.abort.abort()
    } else if (this.#areAllResting(index)) {
      this.#begin(index, stage)
    } else if (isOver) {
      this.notes.push(`calls were still in flight when ${stage.name} was over, so nothing was done in it`)
      this.#gate.advance(index)
    }
    return true
  }

  /** Resolves when no visit goes on; what a visit waits for has limits of its own. */
  async settled(): Promise<void> {
    this.#visiting?.abort.abort()
    await this.#visiting?.over
  }

  #begin(index: number, stage: Stage): void {
    const rests = this.#plan.stages.flatMap(({ role }, at) => (role === 'rest' ? [at] : []))
    const abort = new AbortController()
    const rest = { stage, index: rests.indexOf(index), count: rests.length, signal: abort.signal }
    const over = this.#visit(rest)
      .catch((error: unknown) => {
        this.notes.push(`${stage.name}: ${error instanceof Error ? error.message : String(error)}`)
      })
      .finally(() => this.#gate.advance(index))
    this.#visiting = { stage: index, over: over.then(() => undefined), abort }
  }

  /** The workers say so themselves: of the calls of a reference stage nobody else knows. */
  #areAllResting(stage: number): boolean {
    return this.#crew.ready().every(({ journal }) => journal.restsIn(stage))
  }
}
