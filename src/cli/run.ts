import type { Command } from 'commander'
import type { VerdictResult } from '../checker.js'
import { worst } from '../report.js'
import { interruptible } from './interrupt.js'
import { addOnlyOption, addRunOptions, type RunFlags } from './options.js'
import { type MakePlan, plansOf } from './plans.js'
import { progressView } from './progress-view.js'
import { baseNameOf, outputsOf, writeReports } from './reports.js'
import { type RunResults, runPlans } from './runs.js'

const examples = `
Examples:
  $ busbar run extreme-load-async
  $ busbar run dead-backend --target all --downstream http --rate 400 --duration 4s
  $ busbar run extreme-load-async --requests 1000000 --in-flight 2000 --report json=reports/
  $ busbar run extreme-load-async --kills 100 --duration 30s --fault hang=0.01,latency=exp:5ms..100ms@2s+5s
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
    .addHelpText('after', examples)
    .action(async (scenarios: string[], flags: RunFlags) => end(await runScenarios('run', scenarios, flags)))
}

/** Makes the plans, carries them out, and writes the reports; what all commands that run scenarios have in common. */
export async function runScenarios(
  command: string,
  scenarios: readonly string[],
  flags: RunFlags,
  makePlan?: MakePlan,
): Promise<VerdictResult> {
  const { plans, reports } = await plansOf(command, scenarios, flags, makePlan)
  const outputs = await outputsOf(flags.report ?? reports, baseNameOf(scenarios))
  const view = progressView(process.stderr, process.env)
  const ran = await interruptible((signal) => runPlans(plans, view, signal))
  await writeResults(ran, () => writeReports(ran.reports, outputs, process.stdout))
  return worst(ran.results)
}

/** The reports first, then a line for each run that has none. */
export async function writeResults({ reports, failures }: RunResults, write: () => Promise<void>): Promise<void> {
  if (reports.length > 0) await write()
  for (const failure of failures) process.stderr.write(`error: ${failure}\n`)
}
