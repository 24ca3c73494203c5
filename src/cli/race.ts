import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import type { VerdictResult } from '../checker.js'
import { parseDuration } from '../duration.js'
import { EngineError } from '../engine.js'
import { race } from '../race/race.js'
import type { Effort } from '../race/raced-program.js'
import { raceJson } from '../race/report/race-json.js'
import type { RaceReport } from '../race/report/race-report.js'
import { raceText } from '../race/report/race-text.js'
import { painter } from '../reporting/paint.js'
import { makeFolder } from '../world/folder.js'
import { interruptible } from './interrupt.js'

const help = `
First the checkers are judged, by targets that are broken on purpose; then they judge the shipped breaker: in every
interleaving of small programs, and on real threads.

Examples:
  $ busbar race                                     at most ten minutes
  $ busbar race --quick                             at most one
  $ busbar race --deep --duration 1h                all there is, for an hour
  $ busbar race --only half-open                    what has this in its name: broken/, programs/, litmus/, scenarios/
  $ busbar race --quick --json reports/race.json

Exit codes: 0 everything was caught and nothing found, 1 something was found or missed, 2 unknown or the tool failed.`

interface RaceFlags {
  readonly quick?: true
  readonly deep?: true
  readonly duration?: string
  readonly only?: string
  readonly seed?: string
  readonly json?: string
}

export function addRaceCommand(program: Command, end: (result: VerdictResult) => void): void {
  program
    .command('race')
    .description('the race-detection suite: every interleaving, litmus tests, real threads')
    .addOption(new Option('--quick', 'under a minute').conflicts('deep'))
    .option('--deep', 'all there is, as long as it takes')
    .option('--duration <time>', 'with --deep: how long it takes, in all: 10m, 1h')
    .option('--only <texts>', 'what has one of these in its name: a,b')
    .option('--seed <n>', 'seed of everything random')
    .option('--json <file>', 'writes the whole report there, as JSON')
    .addHelpText('after', help)
    .action(async (flags: RaceFlags) => end(await runRace(flags)))
}

async function runRace(flags: RaceFlags): Promise<VerdictResult> {
  const effort: Effort = flags.quick ? 'quick' : flags.deep ? 'deep' : 'default'
  if (flags.duration !== undefined && effort !== 'deep') {
    throw new EngineError('ERR_OPTION', '--duration goes with --deep alone')
  }
  const seed = Number(flags.seed ?? 1)
  if (!Number.isInteger(seed) || Math.abs(seed) >= 2 ** 31) {
    throw new EngineError('ERR_OPTION', `--seed is ${flags.seed}; allowed: a whole number of 32 bits`)
  }
  if (flags.json !== undefined) {
    await makeFolder(dirname(flags.json)).catch((error: Error) => {
      throw new EngineError('ERR_OPTION', `--json: "${flags.json}" can't be written: ${error.message}`)
    })
  }
  const durationMs = flags.duration === undefined ? undefined : parseDuration(flags.duration, '--duration')
  const report = await interruptible((signal) =>
    race({
      effort,
      seed,
      signal,
      command: commandOf(flags),
      ...(flags.only === undefined ? {} : { only: flags.only }),
      ...(durationMs === undefined ? {} : { durationMs }),
      onProgress: ({ part, done, of, latest }) => {
        if (process.stderr.isTTY && !process.env.CI) {
          process.stderr.write(`\r\u001b[2K${part} ${done} of ${of}: ${latest}`.slice(0, process.stderr.columns || 100))
        } else if (done === of) process.stderr.write(`${part}: ${of} done\n`)
      },
    }),
  )
  if (process.stderr.isTTY && !process.env.CI) process.stderr.write('\r\u001b[2K')
  if (nothingRan(report)) throw new EngineError('ERR_OPTION', `--only "${flags.only}" names nothing that there is`)
  if (flags.json !== undefined) await writeFile(flags.json, raceJson(report))
  const { stdout } = process
  await new Promise<void>((resolve) => {
    stdout.once('error', () => resolve())
    const text = raceText(report, painter(stdout.isTTY === true && stdout.hasColors()), stdout.columns || 100)
    stdout.write(text, () => resolve())
  })
  return report.result
}

function nothingRan({ detections, explored, litmus, threads, scenarios, failed, interrupted }: RaceReport): boolean {
  const parts = [detections, explored, litmus, threads, scenarios, failed]
  return !interrupted && parts.every((part) => part.length === 0)
}

function commandOf({ quick, deep, duration, only, seed, json }: RaceFlags): string {
  const words = ['npx busbar race']
  if (quick) words.push('--quick')
  if (deep) words.push('--deep')
  for (const [name, value] of Object.entries({ duration, only, seed, json })) {
    if (value !== undefined) words.push(`--${name} ${/^[\w./-]+$/.test(value) ? value : `'${value}'`}`)
  }
  return words.join(' ')
}
