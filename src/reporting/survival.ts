import type { VerdictResult } from '../checker.js'
import type { Evidence } from '../evidence.js'
import { type CaseEvidence, type CaseName, caseFacts } from '../exhaustion.js'
import type { Plan } from '../plan.js'
import { CaseView } from './case-view.js'
import { number, percent, plural, significant, span } from './figures.js'
import { leftFindings } from './left-behind.js'

/** A case in which fewer calls end well while nothing is used up shows nothing of what is. */
const WELL_RATE_MIN = 0.9
/** Workers that wait for a processor for longer than this while nothing is used up are kept from their work by others. */
const QUEUED_SHARE_MAX = 0.5

/** What survived of one case, and how that is known. */
export interface Survival {
  readonly case: CaseName
  readonly result: VerdictResult
  readonly skipped?: string
  /** What contradicts that it survived, what could not be seen, and what is worth saying although it is right. */
  readonly wrong: readonly string[]
  readonly unseen: readonly string[]
  readonly said: readonly string[]
  readonly signs: string
  /** Views of the circuit that opened, and that closed again: of those that lived through it all, if any did. */
  readonly views: number
  readonly areWhole: boolean
  readonly opened: number
  readonly closed: number
  readonly openedAfterMs?: number
  readonly closedAfterMs?: number
  /** While the resource was used up, and until the circuit had closed again what was refused. */
  readonly failed: number
  /** Of the calls that were let through; stale results failed too. */
  readonly failureRate: number
  readonly refused: number
  readonly refusalP50Ms?: number
  readonly refusalP99Ms?: number
  /** Shares of calls that ended in success. */
  readonly wellBefore?: number
  readonly wellAfter?: number
}

/** Case by case, in the plan's order; what the checker judges and the table shows. */
export function survivalsOf(evidence: Evidence): readonly Survival[] {
  return (evidence.exhaustion?.cases ?? []).map((told, process) => survivalOf(evidence, told, process))
}

function survivalOf(evidence: Evidence, told: CaseEvidence, process: number): Survival {
  const seen = new CaseView(evidence, told.case, process)
  const findings: Findings = { wrong: [], unseen: [], said: [] }
  const figures = seen.figures()
  const facts = caseFacts[told.case]
  if (told.skipped !== undefined) findings.unseen.push(`not run: ${told.skipped}`)
  else {
    const isUsedUp = facts.signs.some((sign) => (told.signs[sign] ?? 0) > 0)
    if (!isUsedUp) findings.unseen.push(`nothing shows that it was used up: no ${facts.signs.join(' or ')} was seen`)
    if (facts.endsProcess) judgeEnd(told, findings)
    else judgeLife(evidence, told, seen, figures, isUsedUp, findings)
  }
  const { wrong, unseen } = findings
  return {
    case: told.case,
    result: wrong.length > 0 ? 'invalid' : unseen.length > 0 ? 'unknown' : 'valid',
    ...(told.skipped === undefined ? {} : { skipped: told.skipped }),
    ...findings,
    signs: signsText(told),
    ...figures,
  }
}

interface Findings {
  readonly wrong: string[]
  readonly unseen: string[]
  readonly said: string[]
}

type Figures = ReturnType<CaseView['figures']>

/** The process is gone with all that was in it; what survives is whoever started it. */
function judgeEnd({ process }: CaseEvidence, { unseen, said }: Findings): void {
  if (process?.end === 'ended') said.push(`the process ended (${howEnded(process)}), and its end is told`)
  else unseen.push(`the process was to end of it, but ${process?.end ?? 'was not run'}`)
}

function judgeLife(
  { interrupted, plan }: Evidence,
  { process, left }: CaseEvidence,
  seen: CaseView,
  figures: Figures,
  isUsedUp: boolean,
  findings: Findings,
): void {
  const { unseen } = findings
  if (process && process.end !== 'reported') {
    unseen.push(
      `its process told nothing: ${process.end}, ${howEnded(process)}; ${process.lastWords ?? 'no last words'}`,
    )
    return
  }
  const { wellBefore } = figures
  const wasWell = wellBefore !== undefined && wellBefore >= WELL_RATE_MIN
  if (!wasWell)
    unseen.push(
      `before it, ${wellBefore === undefined ? 'no call ended' : `${percent(wellBefore)} of calls succeeded`}`,
    )
  if (interrupted) unseen.push('interrupted')
  const against: string[] = []
  if (seen.hasCircuits) judgeCircuit(figures, plan, against, unseen)
  if (figures.wellAfter === undefined) against.push('after it, no call ended')
  else if (figures.wellAfter < WELL_RATE_MIN) against.push(`after it, ${percent(figures.wellAfter)} of calls succeeded`)
  const { queuedShare } = seen
  const isBusy = queuedShare !== undefined && queuedShare > QUEUED_SHARE_MAX
  if (isBusy && against.length > 0) {
    unseen.push(
      `with nothing used up, workers waited ${percent(queuedShare)} of the time for processors that others had`,
    )
  }
  // What was cut short, or never used up, or came of other work on the machine, proves nothing against the circuit.
  const isProof = isUsedUp && wasWell && !interrupted && !isBusy
  const target = isProof ? findings.wrong : unseen
  target.push(...against)
  const { wrong, said } = leftFindings(left, process, seen.slotsHeld, seen.lost)
  findings.wrong.push(...wrong)
  findings.said.push(...said)
}

function judgeCircuit(figures: Figures, { breaker, marks }: Plan, against: string[], unseen: string[]): void {
  const { views, opened, closed, refused, refusalP50Ms, failed, failureRate } = figures
  if (views === 0) unseen.push('no view of the circuit lived through it')
  const hasReason = failed >= breaker.minimumCalls * views && failureRate > breaker.failureRateThreshold
  const calm = hasReason ? against : unseen
  // A view that began in the middle may have had too little time; that calls were refused shows that those before it opened.
  const mustOpen = figures.areWhole ? views : 0
  if (opened < mustOpen) calm.push(`${number(views - opened)} of ${plural(views, 'view')} never opened`)
  if (refused === 0) calm.push('no call was refused')
  if (!hasReason && calm.length > 0) unseen.push(`${plural(failed, 'call')} failed, too few for every circuit to open`)
  if (closed < views) against.push(`${number(views - closed)} of ${plural(views, 'view')} never closed again`)
  const refusalMsMax = marks.refusalLatencyMsP50Max
  if (refusalMsMax !== undefined && refusalP50Ms !== undefined && refusalP50Ms > refusalMsMax) {
    against.push(`the median refusal took ${significant(refusalP50Ms)} ms (≤ ${significant(refusalMsMax)} ms)`)
  }
}

function howEnded({ exitCode, signal }: NonNullable<CaseEvidence['process']>): string {
  return signal ?? (exitCode === undefined ? 'not started' : `exit code ${exitCode}`)
}

/** Those that prove it first. */
function signsText({ case: name, signs }: CaseEvidence): string {
  const proving = caseFacts[name].signs.filter((sign) => (signs[sign] ?? 0) > 0)
  return proving.map((sign) => `${number(signs[sign] ?? 0)} × ${sign}`).join(', ')
}

/** How soon, for a person. */
export function soon(ms: number | undefined): string {
  return ms === undefined ? '' : span(Math.max(0, ms))
}
