import type { Command } from 'commander'
import { find } from '../catalog.js'
import type { VerdictResult } from '../checker.js'
import type { Plan, RunOptions } from '../plan.js'
import { worst } from '../report.js'
import { interruptible } from './interrupt.js'
import { progressView } from './progress-view.js'
import { outputsOf, writeReports } from './reports.js'
import { writeResults } from './run.js'
import { runPlans } from './runs.js'

const rates: readonly RunOptions[] = [
  { ratePerSecond: 40, durationMs: 8000 },
  { ratePerSecond: 400, durationMs: 4000 },
]
const peers = ['shared', 'opossum', 'cockatiel']
const subject = 'shared'

const heading = `A backend that is dead, over real HTTP: eight workers call it under one shared breaker, then with a breaker of
opossum or cockatiel in each worker, at 40 and at 400 calls/s. Then both extreme loads on the shared breaker.
About a minute and a half at most; Ctrl-C ends it with the report of what ran.

`
const footing = `
The exit code is that of the runs on ${subject}; the peers are run to compare with, whatever is said of them.
`

const help = `
Runs dead-backend over real HTTP on ${peers.join(', ')}, then both extreme loads on ${subject}; at most 90 s.
The exit code is that of the runs on ${subject}.

Examples:
  $ busbar start
  $ busbar start > report.txt`

export function addStartCommand(program: Command, end: (result: VerdictResult) => void): void {
  program
    .command('start')
    .description('the tour: a dead backend under this breaker and its peers, then the extreme loads')
    .addHelpText('after', help)
    .action(async () => end(await start()))
}

async function start(): Promise<VerdictResult> {
  const plans = await plansOfTour()
  const outputs = await outputsOf([], 'start')
  process.stderr.write(heading)
  const view = progressView(process.stderr, process.env)
  const ran = await interruptible((signal) => runPlans(plans, view, signal))
  await writeResults(ran, () => writeReports(ran.reports, outputs, process.stdout))
  process.stdout.write(footing)
  return worst(ran.results.filter((_, index) => plans[index]?.target === subject))
}

async function plansOfTour(): Promise<readonly Plan[]> {
  const deadBackend = await find('scenarios', 'dead-backend')
  const extreme = [await find('scenarios', 'extreme-load-async'), await find('scenarios', 'extreme-load-sync')]
  return [
    ...rates.flatMap((options) =>
      peers.map((target) => deadBackend.plan({ ...options, target, workers: 8, downstream: 'http' })),
    ),
    ...extreme.map((scenario) => scenario.plan({ target: subject })),
  ]
}
