import { writeFile } from 'node:fs/promises'
import type { Comparison } from '../baseline/answer.js'
import { baselineOf, type Calibrated, readBaseline, saveBaseline } from '../baseline/baseline.js'
import { calibrationMs } from '../baseline/calibration.js'
import { compare } from '../baseline/compare.js'
import { appendHistory } from '../baseline/history.js'
import { comparisonText } from '../baseline/table.js'
import type { VerdictResult } from '../checker.js'
import type { Plan } from '../plan.js'
import type { Report } from '../report.js'
import { painter } from '../reporting/paint.js'
import { run } from '../stress.js'
import { wallTimeText } from '../world/clock.js'
import type { ProgressView } from './progress.js'
import { printed } from './reports.js'
import { type RunResults, runPlans } from './runs.js'

/** What is done with the figures of a command's runs beside judging them. */
export interface BaselineFlags {
  readonly saveBaseline?: string
  readonly baseline?: string
  readonly history?: string
  readonly repeat?: number
}

/** As many as ranks need to tell two sides apart of several metrics; whether they do is the machine's matter. */
export const REPEATS = 10

/** Carries the plans out again and again, A B A B …, each run right after the reference workload. */
export async function runCalibrated(
  plans: readonly Plan[],
  flags: BaselineFlags,
  view: ProgressView,
  signal: AbortSignal,
): Promise<RunResults & { readonly calibrated: readonly Calibrated[] }> {
  const calibrated: Calibrated[] = []
  const repeats = flags.repeat ?? (isCompared(flags) ? REPEATS : 1)
  const all = Array.from({ length: repeats }, () => plans).flat()
  const ran = await runPlans(all, view, signal, async (plan, options) => {
    const speedMs = isCompared(flags) ? await calibrationMs() : 0
    const report = await run(plan, options)
    if (isCompared(flags)) calibrated.push({ report, calibrationMs: speedMs })
    return report
  })
  return { ...ran, reports: lastOfEach(ran.reports), calibrated }
}

function isCompared({ saveBaseline, baseline, history }: BaselineFlags): boolean {
  return saveBaseline !== undefined || baseline !== undefined || history !== undefined
}

/** Ten reports of one plan say what one says; their figures are in the comparison. */
export function lastOfEach(reports: readonly Report[]): readonly Report[] {
  const last = new Map(reports.map((report) => [report.evidence.plan, report]))
  return [...last.values()]
}

/** Saves and compares what the flags ask for. Answers `invalid` where something regressed, else `valid`. */
export async function settleBaseline(
  { saveBaseline: file, baseline, history }: BaselineFlags,
  calibrated: readonly Calibrated[],
  stdout: NodeJS.WriteStream,
): Promise<VerdictResult> {
  const [first] = calibrated
  if (!first) return 'valid'
  const own = baselineOf(calibrated, first.report.evidence.environment, wallTimeText())
  // Read before it may be written: the two may be one file.
  const before = baseline === undefined ? undefined : await readBaseline(baseline)
  if (file !== undefined) await saveBaseline(file, own)
  if (history !== undefined) await appendHistory(history, own)
  return before ? tellComparison(compare(before, own), stdout) : 'valid'
}

export async function tellComparison(
  comparison: Comparison,
  stdout: NodeJS.WriteStream,
  json?: string,
): Promise<VerdictResult> {
  const color = stdout.isTTY === true && stdout.hasColors()
  await printed(stdout, `\n${comparisonText(comparison, painter(color), stdout.columns || 120)}\n`)
  if (json !== undefined) await writeFile(json, `${JSON.stringify(comparison, null, 2)}\n`)
  return comparison.answer === 'regressed' ? 'invalid' : 'valid'
}
