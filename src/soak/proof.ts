import type { VerdictResult } from '../checker.js'
import type { Guilt } from '../leaking-target.js'
import type { Report } from '../report.js'
import { worst } from '../report.js'
import { number } from '../reporting/figures.js'
import { type Column, figureTable, textTable } from '../reporting/grid.js'
import { type Paint, verdictSign } from '../reporting/paint.js'
import { bytesText, slopeText } from './figures.js'
import { paceOf } from './pace.js'
import { type Suspect, suspectsOf } from './suspects.js'

/** The guilty field must be among the first so many that are named. */
const NAMED = 3

/** What the soak said of a target of which it is known whether it leaks. */
export interface ProofRow {
  readonly target: string
  /** Absent of an innocent one. */
  readonly guilt: Guilt | undefined
  /** `valid`: the soak was right. `invalid`: it missed a leak, couldn't name it, or accused an innocent. */
  readonly result: VerdictResult
  readonly said: string
  /** Of the thread that grows the most. */
  readonly slope: string
  readonly bytesPerCall: string
  readonly found: Suspect | undefined
}

/** Whether the report of a run on a target with that guilt says what it should. */
export function proofRow(target: string, guilt: Guilt | undefined, report: Report): ProofRow {
  const verdict = report.verdicts.find(({ checker }) => checker === 'leak-free')?.result ?? 'unknown'
  const suspects = suspectsOf(report.evidence)
  const found = guilt ? suspects.slice(0, NAMED).find((suspect) => isNamed(suspect, guilt)) : undefined
  const paces = (report.evidence.soak?.threads ?? []).map((thread) => paceOf(report.evidence, thread))
  const most = paces.reduce<(typeof paces)[number] | undefined>(
    (max, pace) => ((pace.late?.slope ?? 0) > (max?.late?.slope ?? Number.NEGATIVE_INFINITY) ? pace : max),
    undefined,
  )
  return {
    target,
    guilt,
    ...judged(guilt, verdict, found, suspects[0]),
    slope: most?.late ? slopeText(most.late) : '',
    bytesPerCall: most?.bytesPerCall === undefined ? '' : bytesText(most.bytesPerCall),
    found: found ?? (guilt ? suspects[0] : undefined),
  }
}

/**
 * The path must name both. Neither need be its last step: in a list that is the field from link to link, and of a handle
 * that the system holds, what was attached to it.
 */
function isNamed({ className, field, path }: Suspect, guilt: Guilt): boolean {
  const names = (text: string) => className === text || field === text || path.includes(text)
  return names(guilt.className) && names(guilt.field)
}

function judged(
  guilt: Guilt | undefined,
  verdict: VerdictResult,
  found: Suspect | undefined,
  first: Suspect | undefined,
): Pick<ProofRow, 'result' | 'said'> {
  if (!guilt) {
    if (verdict === 'valid') return { result: 'valid', said: 'innocent' }
    return verdict === 'invalid' ? { result: 'invalid', said: 'accused' } : { result: 'unknown', said: 'not sure' }
  }
  if (verdict === 'valid') return { result: 'invalid', said: 'missed' }
  if (verdict === 'unknown') return { result: 'unknown', said: 'not sure' }
  if (found) return { result: 'valid', said: 'caught' }
  return { result: 'invalid', said: first ? 'caught, another named' : 'caught, nobody named' }
}

export function proofResult(rows: readonly ProofRow[]): VerdictResult {
  return worst(rows.map(({ result }) => result))
}

/** The table, the score, and the path by which each leak was named. */
export function proofText(rows: readonly ProofRow[], paint: Paint, width: number): string {
  const leaks = rows.filter(({ guilt }) => guilt)
  const innocents = rows.filter(({ guilt }) => !guilt)
  const right = (some: readonly ProofRow[]) => some.filter(({ result }) => result === 'valid').length
  const score = [
    `${right(leaks)} of ${leaks.length} leaks caught by name`,
    `${right(innocents)} of ${innocents.length} innocents let pass`,
  ].join(', ')
  const paths = leaks.flatMap(({ target, found }) => (found ? [[target.replace('leaking/', ''), found.path]] : []))
  const nameWidth = Math.max(1, ...paths.map(([name = '']) => name.length))
  return [
    `${paint('bold', 'Does the soak catch what leaks, and let pass what does not?')}`,
    figureTable(columns(paint), rows, paint, width),
    `  ${paint('bold', score)}`,
    textTable(paths, [nameWidth], width),
    '',
  ].join('\n\n')
}

function columns(paint: Paint): Column<ProofRow>[] {
  return [
    { header: '', cell: ({ result }) => verdictSign(result, paint), align: 'left' },
    { header: 'target', cell: ({ target }) => target.replace('leaking/', ''), align: 'left' },
    { header: 'said', cell: ({ said }) => said, align: 'left' },
    { header: 'field', cell: ({ found }) => found?.field ?? '', align: 'left' },
    { header: 'holds', cell: ({ found }) => found?.className ?? '', align: 'left' },
    { header: 'new', cell: ({ found }) => (found ? number(found.count) : '') },
    { header: 'a call', cell: ({ bytesPerCall }) => bytesPerCall },
    { header: 'a second, of one thread', cell: ({ slope }) => slope, dispensable: 1 },
  ]
}
