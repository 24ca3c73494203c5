import type { Evidence, LatencySummary, StageEvidence } from '../evidence.js'
import { number, significant, span } from './figures.js'
import { type Column, type DrawTable, figureTable, titledTable } from './grid.js'
import type { Paint } from './paint.js'

const name: Column<{ readonly name: string }> = { header: 'stage', cell: (row) => row.name, align: 'left' }

const callColumns: readonly Column<StageEvidence>[] = [
  name,
  { header: 'time', cell: (stage) => span(stage.endedAtMs - stage.startedAtMs) },
  { header: 'started', cell: ({ started }) => number(started) },
  { header: 'ok', cell: ({ outcomes }) => number(outcomes.success) },
  { header: 'errors', cell: ({ outcomes }) => number(outcomes.error) },
  { header: 'timeouts', cell: ({ timeouts }) => number(timeouts), dispensable: 3 },
  { header: 'refused', cell: ({ outcomes }) => number(outcomes.refused) },
  { header: 'stale', cell: ({ outcomes }) => number(outcomes.stale), dispensable: 2 },
  { header: 'ignored', cell: ({ outcomes }) => (outcomes.ignored > 0 ? number(outcomes.ignored) : ''), dispensable: 1 },
  { header: 'calls/s', cell: ({ throughputPerSecond: rate }) => number(rate, rate < 100 ? 1 : 0) },
  {
    header: 'busy',
    cell: ({ efficiency }) => (efficiency === undefined ? '' : number(efficiency, 3)),
    dispensable: 4,
  },
]

interface LatencyRow {
  readonly name: string
  readonly latency: LatencySummary
}

const latencyColumns: readonly Column<LatencyRow>[] = [
  name,
  { header: 'calls', cell: ({ latency }) => number(latency.count), dispensable: 1 },
  { header: 'min ms', cell: ({ latency }) => significant(latency.minMs), dispensable: 3 },
  { header: 'mean ms', cell: ({ latency }) => significant(latency.meanMs), dispensable: 2 },
  { header: 'p50 ms', cell: ({ latency }) => significant(latency.p50Ms) },
  { header: 'p95 ms', cell: ({ latency }) => significant(latency.p95Ms) },
  { header: 'p99 ms', cell: ({ latency }) => significant(latency.p99Ms) },
  { header: 'p99.9 ms', cell: ({ latency }) => significant(latency.p999Ms), dispensable: 4 },
  { header: 'p99.99 ms', cell: ({ latency }) => significant(latency.p9999Ms), dispensable: 5 },
  { header: 'max ms', cell: ({ latency }) => significant(latency.maxMs) },
]

/** What became of the calls, and how long they took, stage by stage; refusals are quick and would flatter the others. */
export function stageTables(evidence: Evidence, paint: Paint, width: number): string[] {
  let isFirst = true
  const titled = titledTable(paint, width)
  return drawStages(evidence, (title, columns, rows) => {
    // What the first table is of needs no telling in a terminal.
    if (!isFirst) return titled(title, columns, rows)
    isFirst = false
    return figureTable(columns, rows, paint, width)
  })
}

/**
 * Nothing where the overhead is measured: turns are no requests of a stage. Where resources are used up there are stages by the
 * dozen, and the latencies that matter stand in a table of their own.
 */
export function drawStages<Part>({ stages, overhead, exhaustion }: Evidence, draw: DrawTable<Part>): Part[] {
  if (overhead) return []
  if (!exhaustion) return [drawCalls(stages, draw), ...drawLatencies(stages, draw)]
  return [
    drawCalls(
      stages.filter(({ endedAtMs, startedAtMs }) => endedAtMs > startedAtMs),
      draw,
    ),
  ]
}

function drawCalls<Part>(stages: readonly StageEvidence[], draw: DrawTable<Part>): Part {
  return draw('what became of the calls', callColumns, stages)
}

function drawLatencies<Part>(stages: readonly StageEvidence[], draw: DrawTable<Part>): Part[] {
  const table = (title: string, latencyOf: (stage: StageEvidence) => LatencySummary) => {
    const rows = stages.map((stage) => ({ name: stage.name, latency: latencyOf(stage) }))
    const counted = rows.filter(({ latency }) => latency.count > 0)
    return counted.length === 0 ? [] : [draw(title, latencyColumns, counted)]
  }
  return [
    ...table('latency of the calls let through', ({ latency }) => latency),
    ...table('latency of the refusals', ({ refusalLatency }) => refusalLatency),
  ]
}
