import { shownName } from '../plug-in-path.js'
import type { Report } from '../report.js'
import { number, significant, span } from './figures.js'
import type { Column, DrawTable } from './grid.js'

interface Row {
  readonly target: string
  readonly load: string
  readonly started: number
  readonly reached: number
  readonly refused: number
  readonly timesShared: number | undefined
  readonly firstNoticed: string
  readonly lastNoticed: string
  readonly opened: string
}

const columns: readonly Column<Row>[] = [
  { header: 'target', cell: (row) => row.target, align: 'left' },
  { header: 'load', cell: (row) => row.load, align: 'left' },
  { header: 'started', cell: (row) => number(row.started), dispensable: 2 },
  { header: 'reached backend', cell: (row) => number(row.reached) },
  { header: '× shared', cell: (row) => (row.timesShared === undefined ? '' : significant(row.timesShared)) },
  { header: 'refused', cell: (row) => number(row.refused), dispensable: 1 },
  { header: 'first noticed', cell: (row) => row.firstNoticed, dispensable: 4 },
  { header: 'last noticed', cell: (row) => row.lastNoticed, dispensable: 3 },
  { header: 'opened', cell: (row) => row.opened },
]

/** One table for each scenario of which several reports differ in target or load: who let how many calls through. */
export function drawComparisons<Part>(reports: readonly Report[], draw: DrawTable<Part>): Part[] {
  const groups = new Map<string, Report[]>()
  for (const report of reports) {
    const { scenario } = report.evidence.plan
    groups.set(scenario, [...(groups.get(scenario) ?? []), report])
  }
  return [...groups].flatMap(([scenario, group]) => {
    const kinds = new Set(group.map(({ evidence }) => `${evidence.plan.target} ${loadName(evidence.plan.load)}`))
    if (kinds.size < 2 || group.some(({ evidence }) => evidence.overhead ?? evidence.exhaustion)) return []
    return [draw(`${shownName(scenario)}: how many calls reached the backend`, columns, rowsOf(group))]
  })
}

export function loadName(load: Report['evidence']['plan']['load']): string {
  return load.model === 'closed' ? `${number(load.inFlight)} in flight` : `${number(load.ratePerSecond, 1)}/s`
}

/** Side by side: the same load under each target, the shared breaker first. */
function rowsOf(group: readonly Report[]): Row[] {
  const reached = (report: Report) => measured(report).reached
  const loads = [...new Set(group.map(({ evidence }) => loadName(evidence.plan.load)))]
  return loads.flatMap((load) => {
    const same = group.filter(({ evidence }) => loadName(evidence.plan.load) === load)
    const shared = same.find(({ evidence }) => evidence.plan.target === 'shared')
    const ordered = shared ? [shared, ...same.filter((report) => report !== shared)] : same
    const base = shared ? reached(shared) : 0
    return ordered.map((report) => rowOf(report, base))
  })
}

function rowOf(report: Report, reachedUnderShared: number): Row {
  const { plan, circuits } = report.evidence
  const figures = measured(report)
  const opened = circuits.filter(({ transitions }) => transitions.some(({ to }) => to === 'open')).length
  return {
    target: shownName(plan.target),
    load: loadName(plan.load),
    ...figures,
    timesShared: reachedUnderShared > 0 ? figures.reached / reachedUnderShared : undefined,
    ...noticed(report),
    opened: circuits.length > 0 ? `${opened} of ${circuits.length}` : 'no circuit',
  }
}

/** Warm-up apart: there the backend was still well. */
function measured({ evidence }: Report) {
  const sums = { started: 0, reached: 0, refused: 0 }
  for (const [index, stage] of evidence.stages.entries()) {
    if (stage.role === 'warm-up' || stage.role === 'rest') continue
    sums.started += stage.started
    sums.refused += stage.outcomes.refused
    sums.reached += evidence.downstream.receivedByStage[index] ?? 0
  }
  return sums
}

/** A worker has noticed when it is first refused; told from the start of the outage, or of the first measured stage. */
function noticed({ evidence }: Report): { firstNoticed: string; lastNoticed: string } {
  const { stages, workers } = evidence
  const origin =
    stages.find(({ role }) => role === 'outage') ??
    stages.find(({ role }) => role !== 'warm-up' && role !== 'rest') ??
    stages[0]
  const byTime = workers
    .flatMap(({ worker, firstRefusalAtMs }) =>
      firstRefusalAtMs === undefined ? [] : [{ worker, atMs: firstRefusalAtMs }],
    )
    .sort((a, b) => a.atMs - b.atMs)
  const tell = (moment: { worker: number; atMs: number } | undefined) =>
    moment ? `#${moment.worker} ${span(moment.atMs - (origin?.startedAtMs ?? 0))}` : 'never'
  const never = workers.length - byTime.length
  const last = never > 0 && byTime.length > 0 ? `${never} never` : tell(byTime.at(-1))
  return { firstNoticed: tell(byTime[0]), lastNoticed: last }
}
