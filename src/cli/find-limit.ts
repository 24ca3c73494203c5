import type { VerdictResult } from '../checker.js'
import { EngineError } from '../engine.js'
import { findLimit, type Limit } from '../limit-search.js'
import type { Plan, StageLoad } from '../plan.js'
import { validPlan } from '../plan-options.js'
import type { Report } from '../report.js'
import { number, percent, significant } from '../reporting/figures.js'
import { type Column, figureTable } from '../reporting/grid.js'
import { painter } from '../reporting/paint.js'
import { steadyFigures } from '../reporting/steady.js'
import { loadOf } from '../stage-load.js'
import type { ProgressView } from './progress.js'
import { printed } from './reports.js'
import { runPlans } from './runs.js'

const RATE_MAX = 10_000_000
/** Of the arrivals that were due, so many must have been let start, and be answered with success, or the rate was not kept. */
const KEPT_MIN = 0.99

interface Attempt {
  readonly report: Report
  readonly p99Ms: number
  readonly kept: number
}

type Row = Limit<Attempt | undefined>['tried'][number]

const columns: readonly Column<Row>[] = [
  { header: 'calls/s', cell: ({ ratePerSecond }) => number(ratePerSecond) },
  { header: 'succeeded', cell: ({ result }) => (result ? percent(result.kept) : '') },
  { header: 'p99 ms', cell: ({ result }) => (result ? significant(result.p99Ms) : '') },
  { header: '', cell: ({ passed }) => (passed ? 'kept' : 'beyond'), align: 'left' },
]

export interface FoundLimit {
  readonly result: VerdictResult
  readonly reports: readonly Report[]
}

/**
 * Runs the plan at one rate after another until it is known which is the highest that keeps p99 under `p99MsMax`, and tells. The
 * reports are those of the last rate that passed and of the first one beyond.
 */
export async function tellLimit(
  plan: Plan,
  p99MsMax: number,
  view: ProgressView,
  signal: AbortSignal,
  stdout: NodeJS.WriteStream,
): Promise<FoundLimit> {
  const { load, scenario } = plan
  if (load.model !== 'open') {
    throw new EngineError(
      'ERR_OPTION',
      `--find-limit: ${scenario} keeps a number of requests in flight; say --rate or --shape`,
    )
  }
  const limit = await findLimit<Attempt | undefined>({
    from: load.ratePerSecond,
    most: RATE_MAX,
    goesOn: () => !signal.aborted,
    attempt: async (ratePerSecond) => {
      const { reports } = await runPlans([atRate(plan, load.ratePerSecond, ratePerSecond)], view, signal)
      const result = reports[0] && attemptOf(reports[0])
      return { passed: result !== undefined && result.kept >= KEPT_MIN && result.p99Ms <= p99MsMax, result }
    },
  })
  await printed(stdout, `${limitText(limit, p99MsMax, stdout)}\n`)
  const ends = [limit.ratePerSecond, limit.beyondPerSecond].flatMap((rate) => {
    return limit.tried.findLast(({ ratePerSecond }) => ratePerSecond === rate)?.result?.report ?? []
  })
  return { result: limit.ratePerSecond === undefined || signal.aborted ? 'unknown' : 'valid', reports: ends }
}

/** The same shape at another rate: every stage's is scaled alike. */
function atRate(plan: Plan, usual: number, ratePerSecond: number): Plan {
  const scale = ratePerSecond / usual
  return validPlan({
    ...plan,
    load: { model: 'open', ratePerSecond },
    stages: plan.stages.map((stage) =>
      stage.load?.model === 'open' ? { ...stage, load: scaled(stage.load, scale) } : stage,
    ),
  })
}

function scaled(load: Extract<StageLoad, { model: 'open' }>, scale: number): StageLoad {
  const { ratePerSecond, toRatePerSecond } = load
  const to = toRatePerSecond === undefined ? {} : { toRatePerSecond: toRatePerSecond * scale }
  return { model: 'open', ratePerSecond: ratePerSecond * scale, ...to }
}

function attemptOf(report: Report): Attempt | undefined {
  const { evidence } = report
  const { p99Ms } = steadyFigures(evidence)
  if (evidence.interrupted || p99Ms === undefined) return undefined
  const steady = evidence.stages.flatMap((stage, index) => (stage.role === 'steady' ? [{ stage, index }] : []))
  const due = steady.reduce((sum, { index }) => sum + dueIn(evidence.plan, index), 0)
  const succeeded = steady.reduce((sum, { stage }) => sum + stage.outcomes.success, 0)
  return { report, p99Ms, kept: Math.min(1, succeeded / due) }
}

function dueIn(plan: Plan, index: number): number {
  const load = loadOf(plan, index)
  if (load.model !== 'open') return 0
  const { ratePerSecond, toRatePerSecond = ratePerSecond } = load
  return Math.floor((((ratePerSecond + toRatePerSecond) / 2) * (plan.stages[index]?.durationMs ?? 0)) / 1000)
}

function limitText(
  { ratePerSecond, beyondPerSecond, tried }: Limit<Attempt | undefined>,
  p99MsMax: number,
  stdout: NodeJS.WriteStream,
): string {
  const paint = painter(stdout.isTTY === true && stdout.hasColors())
  const table = figureTable(
    columns,
    tried.toSorted((one, other) => one.ratePerSecond - other.ratePerSecond),
    paint,
    stdout.columns || 100,
  )
  const mark = `p99 ≤ ${significant(p99MsMax)} ms`
  const beyond = beyondPerSecond === undefined ? 'and none was beyond' : `${number(beyondPerSecond)} doesn't`
  const answer =
    ratePerSecond === undefined
      ? `no rate that was tried keeps ${mark}`
      : `${number(ratePerSecond)} calls/s keep ${mark}, ${beyond}`
  return `${paint('bold', answer)}\n${table}\n`
}
