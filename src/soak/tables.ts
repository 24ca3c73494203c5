import type { VerdictResult } from '../checker.js'
import type { Evidence, SoakThread } from '../evidence.js'
import type { ClassGrowth } from '../profiler/heap/growth.js'
import { number } from '../reporting/figures.js'
import { type Column, type DrawTable, textTable, titledTable } from '../reporting/grid.js'
import { type Paint, verdictSign } from '../reporting/paint.js'
import { bytesText, hoursText } from './figures.js'
import { type Pace, paceOf } from './pace.js'
import { resourceGrowth } from './resource-growth.js'
import { restsAround } from './retained.js'
import { type Suspect, suspectsOf } from './suspects.js'

const ROWS_MAX = 8
const THREADS_MAX = 20

/** What a reporter draws a soak with. */
export interface SoakDrawing<Part> {
  readonly table: DrawTable<Part>
  /** How one gets to what grew: what it is, and the path. */
  readonly paths: (rows: readonly (readonly [what: string, path: string])[]) => Part
  readonly sign: (result: VerdictResult) => string
}

/** What a person needs to act on a soak: each thread's pace, what grew, who holds it, and what else there is more of. */
export function soakTables(evidence: Evidence, paint: Paint, width: number): string[] {
  return drawSoak(evidence, {
    table: titledTable(paint, width),
    paths: (rows) =>
      textTable(
        rows.map(([what, path]) => [paint('dim', '·'), `${what}: ${path}`]),
        [1],
        width,
      ),
    sign: (result) => verdictSign(result, paint),
  })
}

export function drawSoak<Part>(evidence: Evidence, { table, paths, sign }: SoakDrawing<Part>): Part[] {
  const { soak } = evidence
  if (!soak) return []
  const suspects = suspectsOf(evidence).slice(0, ROWS_MAX)
  const grown = resourceGrowth(evidence).slice(0, ROWS_MAX)
  const filled = <Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]) => {
    return rows.length === 0 ? [] : [table(title, columns, rows)]
  }
  return [
    table('what each thread retains', threadColumns(sign), threadRows(evidence)),
    ...filled('what grew, all threads together', classColumns, classRows(soak.threads)),
    ...filled('in all', categoryColumns, categoryRows(soak.threads)),
    ...filled('objects by class, all threads together', objectColumns, objectRows(evidence)),
    ...filled('who holds it', suspectColumns, suspects),
    ...(suspects.length === 0 ? [] : [paths(pathRows(suspects))]),
    ...filled('handles, descriptors, threads', resourceColumns, grown),
  ]
}

interface ThreadRow {
  readonly pace: Pace
  readonly before: number | undefined
  readonly after: number | undefined
  readonly pauseMs: number
}

/** Those that grow the most first; the rest is in the JSON report. */
function threadRows(evidence: Evidence): ThreadRow[] {
  const rows = (evidence.soak?.threads ?? []).map((thread) => {
    const rests = restsAround(evidence, thread, 'steady')
    const held = (rest: { usedBytes: number; externalBytes: number }) => rest.usedBytes + rest.externalBytes
    return {
      pace: paceOf(evidence, thread),
      before: rests && held(rests.before),
      after: rests && held(rests.after),
      pauseMs: thread.samples.reduce((sum, { pauseMs }) => sum + pauseMs, 0),
    }
  })
  if (rows.length <= THREADS_MAX) return rows
  return rows.sort((one, other) => (other.pace.late?.slope ?? 0) - (one.pace.late?.slope ?? 0)).slice(0, THREADS_MAX)
}

function threadColumns(sign: (result: VerdictResult) => string): Column<ThreadRow>[] {
  const bytes = (value: number | undefined) => (value === undefined ? '' : bytesText(value))
  return [
    { header: '', cell: ({ pace }) => sign(pace.result), align: 'left' },
    { header: 'thread', cell: ({ pace }) => pace.thread, align: 'left' },
    { header: 'before', cell: ({ before }) => bytes(before), dispensable: 3 },
    { header: 'after', cell: ({ after }) => bytes(after), dispensable: 2 },
    { header: 'a second', cell: ({ pace }) => bytes(pace.late?.slope) },
    {
      header: 'between (99 %)',
      cell: ({ pace: { late } }) => (late ? `${bytesText(late.slopeMin)} … ${bytesText(late.slopeMax)}` : ''),
    },
    { header: 'z', cell: ({ pace }) => (pace.late ? number(pace.late.z, 1) : '') },
    { header: 'a call', cell: ({ pace }) => bytes(pace.bytesPerCall) },
    { header: 'full in', cell: ({ pace }) => (pace.hoursToLimit ? hoursText(pace.hoursToLimit) : ''), dispensable: 1 },
    { header: 'paused', cell: ({ pauseMs }) => `${number(pauseMs)} ms`, dispensable: 4 },
  ]
}

type SummedClass = Pick<ClassGrowth, 'name' | 'category' | 'countBefore' | 'countAfter' | 'newCount'> & {
  readonly shallowGrowth: number
  readonly retainedGrowth: number
}

function classRows(threads: readonly SoakThread[]): SummedClass[] {
  const sums = new Map<string, SummedClass>()
  for (const { growth } of threads) {
    for (const one of growth?.classes ?? []) {
      const sum = sums.get(one.name)
      sums.set(one.name, {
        name: one.name,
        category: one.category,
        countBefore: (sum?.countBefore ?? 0) + one.countBefore,
        countAfter: (sum?.countAfter ?? 0) + one.countAfter,
        newCount: (sum?.newCount ?? 0) + one.newCount,
        shallowGrowth: (sum?.shallowGrowth ?? 0) + one.shallowGrowth,
        retainedGrowth: (sum?.retainedGrowth ?? 0) + one.retainedGrowth,
      })
    }
  }
  return [...sums.values()]
    .filter(({ shallowGrowth }) => shallowGrowth > 0)
    .sort((one, other) => other.shallowGrowth - one.shallowGrowth)
    .slice(0, ROWS_MAX)
}

const classColumns: readonly Column<SummedClass>[] = [
  { header: 'class', cell: ({ name }) => shortened(name, 40), align: 'left' },
  { header: 'before', cell: ({ countBefore }) => number(countBefore), dispensable: 2 },
  { header: 'after', cell: ({ countAfter }) => number(countAfter), dispensable: 3 },
  { header: 'new and alive', cell: ({ newCount }) => number(newCount) },
  { header: 'own size', cell: ({ shallowGrowth }) => `+${bytesText(shallowGrowth)}` },
  { header: 'retained', cell: ({ retainedGrowth }) => signed(retainedGrowth) },
]

interface Grown {
  readonly what: string
  readonly before: number
  readonly after: number
}

function categoryRows(threads: readonly SoakThread[]): Grown[] {
  const sums = new Map<string, Grown>()
  for (const { growth } of threads) {
    for (const { category, bytesBefore, bytesAfter } of growth?.categories ?? []) {
      const { before = 0, after = 0 } = sums.get(category) ?? {}
      sums.set(category, { what: category, before: before + bytesBefore, after: after + bytesAfter })
    }
  }
  return [...sums.values()].filter(({ before, after }) => before > 0 || after > 0)
}

const categoryColumns: readonly Column<Grown>[] = [
  { header: 'kind', cell: ({ what }) => what, align: 'left' },
  { header: 'before', cell: ({ before }) => bytesText(before) },
  { header: 'after', cell: ({ after }) => bytesText(after) },
  { header: 'growth', cell: ({ before, after }) => signed(after - before) },
]

function objectRows(evidence: Evidence): Grown[] {
  const sums = new Map<string, Grown>()
  for (const thread of evidence.soak?.threads ?? []) {
    const rests = restsAround(evidence, thread, 'steady')
    for (const [what, count] of Object.entries(rests?.before.objects ?? {})) {
      const { before = 0, after = 0 } = sums.get(what) ?? {}
      sums.set(what, { what, before: before + count, after: after + (rests?.after.objects?.[what] ?? 0) })
    }
  }
  return [...sums.values()]
}

const objectColumns: readonly Column<Grown>[] = [
  { header: 'class', cell: ({ what }) => what, align: 'left' },
  { header: 'before', cell: ({ before }) => number(before) },
  { header: 'after', cell: ({ after }) => number(after) },
]

const suspectColumns: readonly Column<Suspect>[] = [
  { header: 'field', cell: ({ field }) => shortened(field, 50), align: 'left' },
  { header: 'of', cell: ({ owner }) => owner, align: 'left' },
  { header: 'holds', cell: ({ className }) => shortened(className, 30), align: 'left' },
  { header: 'new', cell: ({ count }) => number(count) },
  { header: 'retained', cell: ({ retainedBytes }) => bytesText(retainedBytes) },
  { header: 'grew by', cell: ({ heldGrowthBytes }) => signed(heldGrowthBytes) },
  { header: 'threads', cell: ({ threads }) => number(threads.length), dispensable: 1 },
]

/** How one gets there from the root, for the three that matter most. */
function pathRows(suspects: readonly Suspect[]): (readonly [what: string, path: string])[] {
  return suspects.slice(0, 3).map(({ className, path, functions: [made] }) => {
    const whose = className === 'Function' && made !== undefined ? ` ${made}` : ''
    return [`${className}${whose}`, path]
  })
}

const resourceColumns: readonly Column<ReturnType<typeof resourceGrowth>[number]>[] = [
  { header: 'what', cell: ({ what }) => what, align: 'left' },
  { header: 'of', cell: ({ thread }) => thread, align: 'left' },
  { header: 'before', cell: ({ before }) => number(before) },
  { header: 'after', cell: ({ after }) => number(after) },
]

function signed(bytes: number): string {
  return bytes > 0 ? `+${bytesText(bytes)}` : bytesText(bytes)
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
