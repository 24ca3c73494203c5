import { type Command, Option } from 'commander'
import { parseDuration } from '../duration.js'
import { EngineError } from '../engine.js'
import { type CaseName, caseNames } from '../exhaustion.js'
import { FAULT_GRAMMAR, parseFault } from '../faults.js'
import { type Fault, type ProfileKind, profileKinds, type RunOptions, type Shape, shapes } from '../plan.js'
import { type SpendingCase, type SpendingLedger, spendingCases, spendingLedgers } from '../spending.js'

/** The options of a run as commander hands them over, each parsed and within its limits. */
export interface RunFlags {
  readonly target?: readonly string[]
  readonly workers?: number
  readonly inFlight?: number
  readonly levels?: readonly number[]
  readonly shape?: Shape
  readonly requests?: number
  readonly duration?: number
  readonly rate?: number
  readonly downstream?: 'simulated' | 'http'
  readonly port?: number
  readonly seed?: number
  readonly timeout?: number
  readonly kills?: number
  readonly fault?: readonly Fault[]
  readonly spending?: SpendingCase
  readonly ledger?: SpendingLedger
  readonly case?: readonly CaseName[]
  readonly profile?: readonly ProfileKind[]
  readonly profileDir?: string
  readonly report?: readonly string[]
  readonly quiet?: boolean
  readonly verbose?: boolean
  /** Of a plan file; `soak --prove` has its own. */
  readonly only?: string
}

/** The limits are the plan's own (plan.ts); said here, the error names the option that the user wrote. */
export function addRunOptions(command: Command): Command {
  return command
    .option(
      '--target <names>',
      'targets to run it on: a or a,b or "all" of the scenario\'s, or ./your-own.ts; repeatable',
      targets,
    )
    .option('--workers <n>', 'worker threads', whole('--workers', 1, 512))
    .option('--in-flight <n>', 'requests in flight, over all workers', whole('--in-flight', 1, 1_000_000))
    .option('--levels <numbers>', 'requests in flight level by level: 10,25,50', levels)
    .addOption(new Option('--shape <shape>', 'how the load changes, where a scenario changes it').choices(shapes))
    .option('--requests <n>', 'requests of the main stage', whole('--requests', 1, 1_000_000_000))
    .option('--duration <time>', 'length of the main stage: 500ms, 10s, 2m', duration('--duration'))
    .option('--rate <n>', 'calls per second, over all workers', positive('--rate', 10_000_000))
    .addOption(new Option('--downstream <kind>', 'what the calls go to').choices(['simulated', 'http']))
    .option('--port <n>', 'loopback port of the http downstream, 0 for any', whole('--port', 0, 65_535))
    .option('--seed <n>', 'seed of everything random', whole('--seed', -2_147_483_648, 2_147_483_647))
    .option('--timeout <time>', 'a call that takes longer is a timeout', duration('--timeout'))
    .option('--kills <n>', 'random workers to terminate on the way', whole('--kills', 0, 10_000))
    .option(
      '--fault <spec>',
      `fault of the downstream, repeatable: ${FAULT_GRAMMAR}`,
      collect((text) => [parseFault(text)]),
    )
    .addOption(new Option('--spending <case>', 'what is done to the budgets of cost-budget').choices(spendingCases))
    .addOption(new Option('--ledger <name>', 'who keeps them').choices(spendingLedgers))
    .option('--case <names>', `what to use up: ${caseNames.join(', ')}; or several with commas`, cases)
    .option(
      '--profile <kinds>',
      `write down of every thread: ${profileKinds.join(', ')}, or several with commas`,
      kinds,
    )
    .option('--profile-dir <folder>', 'where profiles are written (default: profiles); alone, it means --profile cpu')
    .addOption(new Option('--quiet', 'no progress, and of valid runs the verdict alone').conflicts('verbose'))
    .option('--verbose', 'progress with every circuit by itself, workers alive and timeouts')
    .option(
      '--report <name[=path]>',
      'reporter, to standard output or a file; repeatable (default: console)',
      collect((text) => [text]),
    )
}

export function addOnlyOption(command: Command): Command {
  return command.option('--only <run>', 'of a plan file: the one run of that name or number')
}

export function runOptions(flags: RunFlags): RunOptions {
  const { inFlight, levels, shape, requests, workers, downstream, port, seed, kills, spending, ledger } = flags
  const given = {
    inFlight,
    levels,
    shape,
    requests,
    workers,
    downstream,
    port,
    seed,
    kills,
    spending,
    ledger,
    durationMs: flags.duration,
    ratePerSecond: flags.rate,
    timeoutMs: flags.timeout,
    faults: flags.fault,
    cases: flags.case === undefined ? undefined : [...new Set(flags.case)],
    profile: flags.profile,
    profileDirectory: flags.profileDir,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

const targets = collect(namesOf)

const levels = collect((text) => namesOf(text).map(whole('--levels', 1, 1_000_000)))

const kinds = collect((text) =>
  namesOf(text).map((name) => {
    const kind = profileKinds.find((known) => known === name)
    if (kind === undefined) throw badValue('--profile', name, profileKinds.join(', '))
    return kind
  }),
)

const cases = collect((text) =>
  namesOf(text).map((name) => {
    const known = caseNames.find((one) => one === name)
    if (known === undefined) throw badValue('--case', name, caseNames.join(', '))
    return known
  }),
)

function namesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

export function whole(option: string, min: number, max: number): (text: string) => number {
  const allowed = `a whole number from ${min} to ${max}`
  return (text) => {
    const value = numberOf(text)
    if (!Number.isInteger(value) || value < min || value > max) throw badValue(option, text, allowed)
    return value
  }
}

function positive(option: string, max: number): (text: string) => number {
  return (text) => {
    const value = numberOf(text)
    if (!(value > 0 && value <= max)) throw badValue(option, text, `a number above 0, at most ${max}`)
    return value
  }
}

export function duration(option: string): (text: string) => number {
  return (text) => {
    const durationMs = parseDuration(text, option)
    if (durationMs === 0) throw badValue(option, text, 'a time above 0, at most 24h')
    return durationMs
  }
}

/** `Number` alone reads an empty text as 0 and knows hexadecimal. */
function numberOf(text: string): number {
  return /^-?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : Number.NaN
}

function collect<T>(parse: (text: string) => readonly T[]): (text: string, earlier?: readonly T[]) => readonly T[] {
  return (text, earlier = []) => [...earlier, ...parse(text)]
}

function badValue(option: string, value: string, allowed: string): EngineError {
  return new EngineError('ERR_OPTION', `${option}: "${value}" is not allowed; say ${allowed}`)
}
