import { type Command, Option } from 'commander'
import type { VerdictResult } from '../checker.js'
import { explore } from '../explore/explore.js'
import type { StrategyName } from '../explore/options.js'
import { failurePage, replayCommand } from '../race/report/failure-page.js'
import { racedBy } from '../race/target-name.js'

const help = `
Targets:
  broken/<name>[/<checker>]   a broken target; mended/<name>[/<checker>] is the same without its mistake
  programs/<name>[/<case>]    the shipped breaker; the case's number, from 0
  litmus/<name>

A schedule has a letter for each thread, and how many steps it makes in a row: a12b3 is twelve steps of thread 0, then
three of thread 1; !b is thread 1's death, :2a a step of thread 0 that draws the value number 2.
Without a schedule, every interleaving is explored.

Examples:
  $ busbar replay broken/lost-update/no-lost-update a2b3a
  $ busbar replay programs/half-open-race/1 a20b40
  $ busbar replay programs/many-threads/1 --strategy random --seed 7

Exit codes: 0 nothing is wrong in this execution, 1 the failure is shown, 2 unknown or the tool failed.`

interface ReplayFlags {
  readonly strategy?: Exclude<StrategyName, 'replay'>
  readonly seed?: string
}

const STRATEGIES = ['dpor', 'stateful', 'preemption-bounded', 'pct', 'random'] as const

export function addReplayCommand(program: Command, end: (result: VerdictResult) => void): void {
  program
    .command('replay')
    .description('show one interleaving again, step by step')
    .argument('<target>', 'what to run')
    .argument('[schedule]', 'in which order, as a failure told it')
    .addOption(new Option('--strategy <name>', 'explore by it, without a schedule').choices([...STRATEGIES]))
    .option('--seed <n>', 'of pct and random')
    .addHelpText('after', help)
    .action(async (target: string, schedule: string | undefined, flags: ReplayFlags) => {
      end(await replay(target, schedule, flags))
    })
}

async function replay(
  target: string,
  schedule: string | undefined,
  { strategy, seed }: ReplayFlags,
): Promise<VerdictResult> {
  const raced = await racedBy(target)
  const { verdict, failure, outcomes, traces, exhausted } = explore(
    schedule === undefined
      ? { ...raced, ...(strategy ? { strategy } : {}), ...(seed ? { seed: Number(seed) } : {}) }
      : { ...raced, strategy: 'replay', schedule },
  )
  if (failure) {
    process.stdout.write(`${failurePage(target, failure, replayCommand(target, failure))}\n`)
    return verdict
  }
  const ended = [...outcomes.keys()].slice(0, 20).join('\n  ')
  const scope = schedule === undefined ? `${traces} executions${exhausted ? ', which is all' : ''}` : 'this execution'
  process.stdout.write(`${target}: nothing is wrong in ${scope}; it ends with\n  ${ended}\n`)
  return verdict
}
