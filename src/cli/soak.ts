import type { Command } from 'commander'
import type { VerdictResult } from '../checker.js'
import { EngineError } from '../engine.js'
import type { RunOptions, SoakOptions } from '../plan.js'
import { BETWEEN_MAX } from '../plan-parts.js'
import { soakPlan } from '../soak/course.js'
import { addRunOptions, duration, type RunFlags, whole } from './options.js'
import { runScenarios } from './run.js'
import { prove } from './soak-proof.js'

const help = `
Warm-up, the bare loop, then the soak; between them the threads rest, their garbage is collected and their heaps are written
down. Says of each thread whether it leaks, what grew, who holds it, and when the heap is full. Any scenario can be soaked.

Examples:
  $ busbar soak                                               soak-leak on the shared breaker, 30 s at 1,000 calls/s
  $ busbar soak soak-leak --target all --rate 5000 --duration 2m
  $ busbar soak memory-overhead --duration 10m                as fast as it goes
  $ busbar soak extreme-load-async --duration 8h --no-snapshots    the cheap gate: object counts and slopes alone
  $ busbar soak --prove                                       targets that leak on purpose must be caught by name

Exit codes: 0 nothing leaks, 1 something does, 2 unknown or the tool failed. Ctrl-C ends it and writes the report of what ran.`

interface SoakFlags extends RunFlags {
  readonly snapshots: boolean
  readonly snapshotDir?: string
  readonly between?: number
  readonly sampleEvery?: number
  readonly prove?: true
  readonly only?: string
}

export function addSoakCommand(program: Command, end: (result: VerdictResult) => void): void {
  const command = program
    .command('soak')
    .description('run a scenario for long and say what stayed in memory, who holds it, and whether it leaks')
    .argument('[scenario]', 'what to soak, by name or by the path of your own (default: soak-leak)')
  addRunOptions(command)
    .option('--no-snapshots', 'no heap snapshots: whether it leaks, not who holds it; for runs of hours')
    .option('--snapshot-dir <folder>', 'where heap snapshots are written (default: profiles)')
    .option('--between <n>', 'rests with a snapshot in the middle of the soak', whole('--between', 0, BETWEEN_MAX))
    .option('--sample-every <time>', 'how often each thread samples itself', duration('--sample-every'))
    .option('--prove', 'soak targets that leak on purpose, and innocent ones, and tell the score')
    .option('--only <text>', 'with --prove: targets that have this in their names')
    .addHelpText('after', help)
    .action(async (scenario: string | undefined, flags: SoakFlags) => end(await soak(scenario, flags)))
}

async function soak(scenario: string | undefined, flags: SoakFlags): Promise<VerdictResult> {
  if (flags.only !== undefined && !flags.prove) throw new EngineError('ERR_OPTION', '--only goes with --prove alone')
  const own = soakOptions(flags)
  if (flags.prove) {
    if (scenario !== undefined || flags.target !== undefined) {
      throw new EngineError('ERR_OPTION', '--prove has a scenario and targets of its own; --only chooses among them')
    }
    return prove(flags, own, flags.only)
  }
  const plan: typeof soakPlan = (of, options: RunOptions) => soakPlan(of, { ...options, soak: own })
  return runScenarios('soak', [scenario ?? 'soak-leak'], flags, plan)
}

function soakOptions({ snapshots, snapshotDir, between, sampleEvery }: SoakFlags): SoakOptions {
  if (!snapshots && snapshotDir !== undefined) {
    throw new EngineError('ERR_OPTION', '--snapshot-dir and --no-snapshots contradict each other')
  }
  return {
    snapshots,
    ...(snapshotDir === undefined ? {} : { snapshotDirectory: snapshotDir }),
    ...(between === undefined ? {} : { between }),
    ...(sampleEvery === undefined ? {} : { sampleEveryMs: sampleEvery }),
  }
}
