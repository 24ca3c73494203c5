import { type Command, InvalidArgumentError } from 'commander'
import type { VerdictResult } from '../checker.js'
import { EngineError } from '../engine.js'
import { analyseProfiles } from '../profiler/analysis/analysis.js'
import { compareProfiles } from '../profiler/analysis/difference.js'
import { profileFiles, readProfiles } from '../profiler/analysis/read-profiles.js'
import { worst } from '../report.js'
import { painter } from '../reporting/paint.js'
import { differenceText } from '../reporting/profile/profile-text.js'
import { interruptible } from './interrupt.js'
import { addOnlyOption, addRunOptions, type RunFlags } from './options.js'
import { plansOf } from './plans.js'
import { profileReport } from './profile-report.js'
import { progressView } from './progress-view.js'
import { baseNameOf, outputsOf, printed, writeReports } from './reports.js'
import { writeResults } from './run.js'
import { runPlans } from './runs.js'

const examples = `
Examples:
  $ busbar profile extreme-load-async                                    where every thread spent its time
  $ busbar profile extreme-load-async --target opossum --workers 8
  $ busbar profile dead-backend --profile cpu,allocation,heap --top 30
  $ busbar profile --diff profiles/a profiles/b                          what became hotter, of two runs

A path of --diff is a file, a folder with the profiles of one run, or what the names of one run's files begin with.

Exit codes: as of run; of --diff, 0.`

const FUNCTIONS_SHOWN = 15

interface ProfileFlags extends RunFlags {
  readonly diff?: readonly string[]
  readonly top: number
}

export function addProfileCommand(program: Command, end: (result: VerdictResult) => void): void {
  const command = program
    .command('profile')
    .description('run scenarios and say where each thread spent its time; or compare two runs')
    .argument('[scenario...]', 'names of scenarios, which "busbar list" tells, or paths of your own and of plan files')
    .option('--diff <paths...>', 'profiles before and after, instead of a run')
    .option('--top <n>', 'how many functions to show', functionsShown, FUNCTIONS_SHOWN)
  addOnlyOption(addRunOptions(command))
    .addHelpText('after', examples)
    .action(async (scenarios: string[], flags: ProfileFlags) => end(await profile(scenarios, flags)))
}

async function profile(scenarios: readonly string[], flags: ProfileFlags): Promise<VerdictResult> {
  if (flags.diff === undefined) return profileRuns(scenarios, flags)
  const [before, after, ...more] = flags.diff
  if (before === undefined || after === undefined || more.length > 0 || scenarios.length > 0) {
    throw new EngineError('ERR_OPTION', '--diff: say two paths, before and after, and no scenario')
  }
  await print(await difference(before, after, flags.top))
  return 'valid'
}

async function profileRuns(scenarios: readonly string[], flags: ProfileFlags): Promise<VerdictResult> {
  const { plans } = await plansOf('profile', scenarios, { ...flags, profile: flags.profile ?? ['cpu'] })
  const outputs = flags.report ? await outputsOf(flags.report, baseNameOf(scenarios)) : []
  const view = progressView(process.stderr, process.env, flags)
  const ran = await interruptible((signal) => runPlans(plans, view, signal))
  await writeResults(ran, async () => {
    await writeReports(ran.reports, outputs, process.stdout)
    for (const { evidence } of ran.reports) {
      await print(await profileReport(evidence, paintOfOutput(), widthOfOutput(), flags.top))
    }
  })
  return worst(ran.results)
}

/** Kinds that only one of the two has can't be compared, which is said. */
async function difference(before: string, after: string, top: number): Promise<string> {
  const analysesOf = async (path: string) => analyseProfiles(await readProfiles(await profileFiles(path)))
  // One after the other, so that of two that are not there the first is told of.
  const old = await analysesOf(before)
  const recent = await analysesOf(after)
  const parts = recent.flatMap((analysis) => {
    const earlier = old.find(({ kind }) => kind === analysis.kind)
    return earlier ? [differenceText(compareProfiles(earlier, analysis), paintOfOutput(), widthOfOutput(), top)] : []
  })
  if (parts.length === 0) {
    throw new EngineError('ERR_OPTION', `--diff: ${before} and ${after} have no kind of profile in common`)
  }
  return `${parts.join('\n\n')}\n`
}

function functionsShown(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 1000) {
    throw new InvalidArgumentError('say a whole number from 1 to 1000')
  }
  return value
}

const print = (text: string) => printed(process.stdout, text)
const paintOfOutput = () => painter(process.stdout.isTTY === true && process.stdout.hasColors())
const widthOfOutput = () => process.stdout.columns || 100
