import type { CircuitState } from '../breaker/life/control-word.js'
import type { CircuitEvidence, Evidence, StageEvidence } from '../evidence.js'
import type { CaseName } from '../exhaustion.js'
import { endedOf } from './steady.js'

const REFUSALS_FOR_A_MEDIAN = 20

/** The part of the evidence that is one case's. */
export class CaseView {
  readonly #evidence: Evidence
  readonly #stages: readonly StageEvidence[]
  readonly #process: number
  readonly #name: CaseName

  constructor(evidence: Evidence, name: CaseName, process: number) {
    this.#evidence = evidence
    this.#process = process
    this.#name = name
    this.#stages = evidence.stages.filter((_, index) => evidence.plan.stages[index]?.case === name)
  }

  get hasCircuits(): boolean {
    return this.#evidence.circuits.length > 0
  }

  get slotsHeld(): number {
    return this.#circuits().reduce((sum, { slotsHeld = 0 }) => sum + slotsHeld, 0)
  }

  /** Share of the time in which workers waited for a processor while nothing was used up; undefined where the system doesn't tell. */
  get queuedShare(): number | undefined {
    const { stages, plan, threads } = this.#evidence
    const calm = stages.map(({ role }, index) => {
      return plan.stages[index]?.case === this.#name && (role === 'steady' || role === 'recovery')
    })
    const seen = threads
      .filter(({ thread }) => thread !== 'coordinator')
      .flatMap((thread) => thread.stages.filter(({ stage, queuedMs }) => calm[stage] && queuedMs !== undefined))
    const lengthMs = seen.reduce((sum, { stage }) => sum + lengthOf(stages[stage]), 0)
    const queuedMs = seen.reduce((sum, stage) => sum + (stage.queuedMs ?? 0), 0)
    return lengthMs > 0 ? queuedMs / lengthMs : undefined
  }

  /** Calls that dead workers had in flight. */
  get lost(): number {
    return this.#workers().reduce((sum, { lost }) => sum + lost, 0)
  }

  figures() {
    const at = this.#stages.findIndex(({ role }) => role === 'outage')
    const outage = this.#stages[at]
    const whole = this.#wholeViews()
    const views = whole.length > 0 ? whole : this.#livingViews()
    const openings = outage
      ? views.flatMap((view) => firstAt(view, 'open', outage.startedAtMs, this.#endOf(at + 1)) ?? [])
      : []
    const closings = outage
      ? views.flatMap((view) => firstAt(view, 'closed', outage.endedAtMs, this.#endOf(-1)) ?? [])
      : []
    // As the circuit may open, so it may begin to refuse, when what failed of this ends in the stage after.
    const refusing = this.#stages.slice(at, at + 2).filter(({ outcomes }) => outcomes.refused > 0)
    const refusals = manyOf(refusing)?.refusalLatency
    const { error = 0, stale = 0, success = 0 } = outage?.outcomes ?? {}
    const failed = error + stale
    const letThrough = failed + success
    const wellBefore = successRate(this.#stages.slice(0, at).findLast(({ role }) => role === 'steady'))
    const wellAfter = successRate(this.#stages.slice(at + 1).findLast(({ role }) => role === 'steady'))
    return {
      views: views.length,
      areWhole: whole.length > 0,
      opened: openings.length,
      closed: closings.length,
      ...(outage && openings.length > 0 ? { openedAfterMs: Math.min(...openings) - outage.startedAtMs } : {}),
      ...(outage && closings.length > 0 ? { closedAfterMs: Math.max(...closings) - outage.endedAtMs } : {}),
      failed,
      failureRate: letThrough > 0 ? failed / letThrough : 0,
      refused: refusing.reduce((sum, { outcomes }) => sum + outcomes.refused, 0),
      ...(refusals && refusals.count > 0 ? { refusalP50Ms: refusals.p50Ms, refusalP99Ms: refusals.p99Ms } : {}),
      ...(wellBefore === undefined ? {} : { wellBefore }),
      ...(wellAfter === undefined ? {} : { wellAfter }),
    }
  }

  #endOf(index: number): number {
    return (this.#stages.at(index) ?? this.#stages.at(-1))?.endedAtMs ?? 0
  }

  #circuits(): readonly CircuitEvidence[] {
    return this.#evidence.circuits.filter(({ process }) => process === this.#process)
  }

  #workers() {
    return this.#evidence.workers.filter(({ process }) => process === this.#process)
  }

  /** Where all first workers died, those of their last successors. */
  #livingViews(): readonly CircuitEvidence[] {
    const living = this.#workers().filter(({ end }) => end === 'finished')
    return this.#circuits().filter(({ view }) => living.some(({ worker }) => worker === view))
  }

  /** A worker that died took its view with it, and its successor's begins in the middle: neither saw it all. */
  #wholeViews(): readonly CircuitEvidence[] {
    const firstOnes = this.#workers().slice(0, this.#evidence.plan.workers)
    return this.#circuits().filter(({ view }) => {
      return view === 'shared' || firstOnes.some(({ worker, end }) => worker === view && end === 'finished')
    })
  }
}

function successRate(stage: StageEvidence | undefined): number | undefined {
  const ended = stage ? endedOf(stage.outcomes) : 0
  return stage && ended > 0 ? stage.outcomes.success / ended : undefined
}

/** When the view was first in `state` between two times, the first of them if it was so already. */
function firstAt(view: CircuitEvidence, state: CircuitState, fromMs: number, untilMs: number): number | undefined {
  const before = view.transitions.findLast(({ atMs }) => atMs <= fromMs)
  if ((before?.to ?? 'closed') === state) return fromMs
  return view.transitions.find(({ atMs, to }) => to === state && atMs > fromMs && atMs <= untilMs)?.atMs
}

/** The first in which so many were refused that their median says something; else the one with the most. */
function manyOf(refusing: readonly StageEvidence[]): StageEvidence | undefined {
  const byCount = refusing.toSorted((one, other) => other.outcomes.refused - one.outcomes.refused)
  return refusing.find(({ outcomes }) => outcomes.refused >= REFUSALS_FOR_A_MEDIAN) ?? byCount[0]
}

function lengthOf(stage: StageEvidence | undefined): number {
  return stage ? stage.endedAtMs - stage.startedAtMs : 0
}
