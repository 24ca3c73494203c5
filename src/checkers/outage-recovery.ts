import type { CircuitState } from '../breaker/life/control-word.js'
import type { Checker, Judgement } from '../checker.js'
import type { CircuitEvidence, Evidence, StageEvidence, TransitionRecord } from '../evidence.js'
import { number, plural, span } from '../reporting/figures.js'

interface Findings {
  readonly wrong: string[]
  readonly unseen: string[]
  readonly said: string[]
  readonly figures: string[]
}

const checker: Checker = {
  name: 'outage-recovery',
  question: 'Did the circuit open in the outage, refuse calls, and close again after it?',

  applies({ circuits, plan }) {
    if (circuits.length === 0) return 'the target has no circuit'
    return plan.stages.some(({ role }) => role === 'outage') || 'the plan has no outage'
  },

  check(evidence): Judgement {
    const { wrong, unseen, said, figures }: Findings = judgeStages(evidence)
    // A stage that was cut short proves nothing against the circuit: it may have been about to open, or to close.
    if (evidence.interrupted) unseen.push(...wrong.splice(0))
    const summary = figures.join('; ') || 'no outage took place'
    if (wrong.length > 0) return { result: 'invalid', summary, details: [...wrong, ...unseen, ...said] }
    if (unseen.length > 0) return { result: 'unknown', summary, details: [...unseen, ...said] }
    return { result: 'valid', summary, details: said }
  },
}

function judgeStages(evidence: Evidence): Findings {
  const findings: Findings = { wrong: [], unseen: [], said: [], figures: [] }
  const { stages, plan } = evidence
  const views = wholeViews(evidence, findings)
  for (const role of ['outage', 'recovery'] as const) {
    const planned = plan.stages.filter((stage) => stage.role === role).length
    const ran = stages.filter((stage) => stage.role === role).length
    if (ran < planned) findings.unseen.push(`${plural(planned - ran, `planned ${role} stage`)} never ran`)
  }
  for (const [index, stage] of stages.entries()) {
    if (stage.role !== 'outage') continue
    checkOpening(index, stages, views, findings)
    checkRecovery(index, stages, views, findings)
  }
  return findings
}

/** A worker that was killed takes its view with it, and its successor's begins in the middle: neither can be asked to have seen it all. */
function wholeViews({ circuits, workers, plan }: Evidence, { said }: Findings): CircuitEvidence[] {
  const whole = circuits.filter(({ view }) => {
    if (view === 'shared') return true
    const end = workers.find(({ worker }) => worker === view)?.end ?? 'finished'
    return end === 'finished' && view < plan.workers
  })
  if (whole.length < circuits.length) {
    said.push(`${plural(circuits.length - whole.length, 'view')} of killed workers and their successors not asked`)
  }
  return whole
}

/** Calls fail from the outage's start on; the circuit may need the stage after it to have seen enough of them. */
function checkOpening(
  index: number,
  stages: readonly StageEvidence[],
  views: readonly CircuitEvidence[],
  findings: Findings,
) {
  const window = stages.slice(index, index + 2)
  const outage = window[0]
  if (!outage) return
  const untilMs = Math.max(...window.map(({ endedAtMs }) => endedAtMs))
  const openings = views.map((view) => firstAt(view, 'open', outage.startedAtMs, untilMs))
  const closed = views.filter((_, at) => openings[at] === undefined)
  const refused = window.reduce((sum, { outcomes }) => sum + outcomes.refused, 0)
  const first = Math.min(...openings.filter((atMs) => atMs !== undefined))
  const after = Number.isFinite(first) ? `, first ${span(first - outage.startedAtMs)} into it` : ''
  findings.figures.push(
    `${outage.name}: ${number(views.length - closed.length)} of ${plural(views.length, 'view')} opened${after}; ${number(refused)} refused`,
  )
  for (const { view } of closed) {
    findings.wrong.push(`${nameOf(view)} never opened in ${outage.name}: this load proves nothing about it`)
  }
  if (refused === 0) findings.wrong.push(`no call was refused in ${outage.name}`)
}

function checkRecovery(
  index: number,
  stages: readonly StageEvidence[],
  views: readonly CircuitEvidence[],
  findings: Findings,
) {
  const outage = stages[index]
  const nextOutage = stages.findIndex((stage, at) => at > index && stage.role === 'outage')
  const after = stages.slice(index + 1, nextOutage === -1 ? undefined : nextOutage)
  const recovery = after.find(({ role }) => role === 'recovery')
  if (!outage || !recovery) return
  const untilMs = nextOutage === -1 ? Number.POSITIVE_INFINITY : (stages[nextOutage]?.startedAtMs ?? 0)
  const closings = views.map((view) => firstAt(view, 'closed', outage.endedAtMs, untilMs))
  const open = views.filter((_, at) => closings[at] === undefined)
  const succeeded = after.reduce((sum, { outcomes }) => sum + outcomes.success, 0)
  const last = Math.max(...closings.filter((atMs) => atMs !== undefined))
  const when = Number.isFinite(last) ? `, the last ${span(last - outage.endedAtMs)} after it` : ''
  findings.figures.push(
    `${recovery.name}: ${number(views.length - open.length)} closed again${when}; ${number(succeeded)} succeeded`,
  )
  for (const { view } of open) findings.wrong.push(`${nameOf(view)} never closed again after ${outage.name}`)
  if (succeeded === 0) findings.wrong.push(`no call succeeded after ${outage.name}`)
}

/** When the view was first in `state` between two times, the first of them if it was so already. */
function firstAt(
  { transitions }: CircuitEvidence,
  state: CircuitState,
  fromMs: number,
  untilMs: number,
): number | undefined {
  const before = transitions.findLast(({ atMs }: TransitionRecord) => atMs <= fromMs)
  if ((before?.to ?? 'closed') === state) return fromMs
  return transitions.find(({ atMs, to }) => to === state && atMs > fromMs && atMs <= untilMs)?.atMs
}

function nameOf(view: CircuitEvidence['view']): string {
  return view === 'shared' ? 'the shared circuit' : `the circuit of worker ${view}`
}

export default checker
