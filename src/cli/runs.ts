import type { VerdictResult } from '../checker.js'
import type { Plan } from '../plan.js'
import { planTitle } from '../plan-title.js'
import type { Report } from '../report.js'
import { number, plural, span } from '../reporting/figures.js'
import { run } from '../stress.js'
import { oneLine } from './exit.js'
import type { Ending, ProgressView, Shown } from './progress.js'

/** What several plans came to. */
export interface RunResults {
  readonly reports: readonly Report[]
  /** One answer a plan, in their order; a run that failed is `unknown`. */
  readonly results: readonly VerdictResult[]
  /** One line for each run of which there is no report. */
  readonly failures: readonly string[]
}

/** Carries out one plan after another: two at once would measure each other. A run that fails leaves the rest alone. */
export async function runPlans(
  plans: readonly Plan[],
  view: ProgressView,
  signal: AbortSignal,
  carryOut: typeof run = run,
): Promise<RunResults> {
  const reports: Report[] = []
  const failures: string[] = []
  const results: VerdictResult[] = []
  const shown = plans.map((plan): Shown => {
    const title = titleOf(plan)
    return {
      title,
      async carryOut(onProgress, onNote) {
        const options = { signal, onProgress, onNote }
        const ending = await attempt(plan, (report) => reports.push(report), options, carryOut)
        if (ending.failure !== undefined) failures.push(`${title}: ${ending.failure}`)
        results.push(ending.result)
        return ending
      },
    }
  })
  await view(shown)
  return { reports, results, failures }
}

async function attempt(
  plan: Plan,
  keep: (report: Report) => void,
  options: Parameters<typeof run>[1] & { signal: AbortSignal },
  carryOut: typeof run,
): Promise<Ending & { failure?: string }> {
  try {
    if (options.signal.aborted) return { result: 'unknown', summary: 'not run: interrupted before it began' }
    const report = await carryOut(plan, options)
    keep(report)
    return { result: report.result, summary: summaryOf(report) }
  } catch (error) {
    const failure = oneLine(error)
    return { result: 'unknown', summary: failure, failure }
  }
}

function titleOf(plan: Plan): string {
  const { load } = plan
  const amount = load.model === 'open' ? `, ${number(load.ratePerSecond)} calls/s` : ''
  return `${planTitle(plan)}${amount}`
}

function summaryOf({ evidence }: Report): string {
  const started = evidence.workers.reduce((sum, worker) => sum + worker.started, 0)
  const calls = `${plural(started, 'call')} in ${span(evidence.durationMs)}`
  return evidence.interrupted ? `interrupted: ${calls}` : calls
}
