import { type Command, Option } from 'commander'
import { readBaseline } from '../baseline/baseline.js'
import type { VerdictResult } from '../checker.js'
import type { Plan } from '../plan.js'
import { worst } from '../report.js'
import { originalRows } from '../suite/original-table.js'
import { type AgainstFlags, runAgainst } from './against.js'
import { type BaselineFlags, runCalibrated, settleBaseline, tellComparison } from './baselines.js'
import { tellLimit } from './find-limit.js'
import { interruptible } from './interrupt.js'
import { addOnlyOption, addRunOptions, duration, type RunFlags, whole } from './options.js'
import { type MakePlan, plansOf } from './plans.js'
import type { ProgressView } from './progress.js'
import { progressView } from './progress-view.js'
import { baseNameOf, type Output, outputsOf, writeReports } from './reports.js'
import type { RunResults } from './runs.js'
import { type SuiteName, suiteNames, suiteOr } from './suites.js'

const examples = `
Examples:
  $ busbar run extreme-load-async
  $ busbar run dead-backend --target all --downstream http --rate 400 --duration 4s
  $ busbar run extreme-load-async --requests 1000000 --in-flight 2000 --report json=reports/
  $ busbar run extreme-load-async --kills 100 --duration 30s --fault hang=0.01,latency=exp:5ms..100ms@2s+5s
  $ busbar run --suite original                              the original's eleven tests, its marks beside what was reached
  $ busbar run overhead-sync --baseline main.json --save-baseline now.json
  $ busbar run overhead-sync --target ./new.js --against ./old.js --noise noise.json
  $ busbar run extreme-load-sync --workers 16 --seed 7 --profile cpu,allocation
  $ busbar run busbar.yaml --only nightly --duration 10m       a plan file, which "busbar init" writes; flags go before it
  $ busbar run ./my-scenario.ts --target ./my-target.ts        your own, by path

Exit codes: 0 every run is valid, 1 one is invalid, 2 unknown or the tool failed.
Ctrl-C ends the run and writes the report of what ran; a second one ends at once.`

export function addRunCommand(program: Command, end: (result: VerdictResult) => void): void {
  const command = program
    .command('run')
    .description('run scenarios on targets and judge what happened')
    .argument('[scenario...]', 'names of scenarios, which "busbar list" tells, or paths of your own and of plan files')
  addOnlyOption(addRunOptions(command))
    .addOption(
      new Option('--suite <name>', 'all scenarios of a suite, its marks beside what was reached')
        .choices(suiteNames)
        .conflicts(['findLimit', 'against']),
    )
    .addOption(
      new Option(
        '--against <target>',
        'run this one in turns with --target, and compare; exit code 1 where that regressed',
      ).conflicts(['saveBaseline', 'baseline', 'history', 'findLimit']),
    )
    .option('--noise <file>', 'for --against: where the noise of this machine is kept; measured if it is not there')
    .option('--save-baseline <file>', 'repeat the runs and keep their figures, to compare later ones with')
    .option('--baseline <file>', 'repeat the runs and compare them with what was kept; exit code 1 where one regressed')
    .option('--history <file>', 'repeat the runs and append what they came to, for "busbar history"')
    .option('--find-limit <time>', 'search for the highest rate whose p99 stays under this', duration('--find-limit'))
    .option(
      '--repeat <n>',
      'how often (default: 10 with a baseline, a history or another target, else once)',
      whole('--repeat', 1, 1000),
    )
    .addHelpText('after', examples)
    .action(async (scenarios: string[], flags: RunFlags & RunOnlyFlags) =>
      end(await runScenarios('run', await suiteOr(scenarios, flags), flags)),
    )
}

/** What `run` alone can be told. */
interface RunOnlyFlags extends BaselineFlags, AgainstFlags {
  readonly suite?: SuiteName
  /** Milliseconds. */
  readonly findLimit?: number
}

/** Makes the plans, carries them out, and writes the reports; what all commands that run scenarios have in common. */
export async function runScenarios(
  command: string,
  scenarios: readonly string[],
  flags: RunFlags & RunOnlyFlags,
  makePlan?: MakePlan,
): Promise<VerdictResult> {
  const { plans, reports } = await plansOf(command, scenarios, flags, makePlan)
  const outputs = await outputsOf(flags.report ?? reports, baseNameOf(scenarios))
  const view = progressView(process.stderr, process.env, flags)
  if (flags.findLimit !== undefined) return runLimit(plans, flags.findLimit, outputs, view)
  if (flags.against !== undefined) return contest(plans, { ...flags, against: flags.against }, outputs, view)
  // A file that can't be read is told before anything runs.
  if (flags.baseline !== undefined) await readBaseline(flags.baseline)
  const ran = await interruptible((signal) => runCalibrated(plans, flags, view, signal))
  const { history, baseline, saveBaseline } = flags
  const setting = {
    brief: flags.quiet,
    suite: flags.suite && originalRows(ran.reports),
    beside: { history, baseline, saveBaseline },
  }
  await writeResults(ran, () => writeReports(ran.reports, outputs, process.stdout, setting))
  return worst([...ran.results, await settleBaseline(flags, ran.calibrated, besideReports(outputs))])
}

async function contest(
  plans: readonly Plan[],
  flags: RunFlags & AgainstFlags & { readonly against: string },
  outputs: readonly Output[],
  view: ProgressView,
): Promise<VerdictResult> {
  const ran = await interruptible((signal) => runAgainst(plans, flags, view, signal))
  await writeResults(ran, () => writeReports(ran.reports, outputs, process.stdout, { brief: flags.quiet }))
  return worst([...ran.results, await tellComparison(ran.comparison, besideReports(outputs))])
}

/** A report for programs has standard output to itself. */
function besideReports(outputs: readonly Output[]): NodeJS.WriteStream {
  const isForPeople = outputs.every(({ file, reporter }) => file !== undefined || reporter.name === 'console')
  return isForPeople ? process.stdout : process.stderr
}

/** From the plan's own rate on, its load alone changed. */
async function runLimit(
  plans: readonly Plan[],
  p99MsMax: number,
  outputs: readonly Output[],
  view: ProgressView,
): Promise<VerdictResult> {
  const results: VerdictResult[] = []
  for (const plan of plans) {
    const found = await interruptible((signal) => tellLimit(plan, p99MsMax, view, signal, process.stdout))
    results.push(found.result)
    await writeReports(
      found.reports,
      outputs.filter(({ file }) => file !== undefined),
      process.stdout,
    )
  }
  return worst(results)
}

/** The reports first, then a line for each run that has none. */
export async function writeResults({ reports, failures }: RunResults, write: () => Promise<void>): Promise<void> {
  if (reports.length > 0) await write()
  for (const failure of failures) process.stderr.write(`error: ${failure}\n`)
}
