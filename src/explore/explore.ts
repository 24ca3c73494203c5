import { type Clock, monotonicClock } from '../world/clock.js'
import { type Assembly, assemble } from './assembly.js'
import { NotDeterministicError } from './errors.js'
import { interleavingsOf } from './interleavings.js'
import { Examiner } from './judging/examiner.js'
import { type Failure, type Finding, writeDown } from './judging/failure.js'
import { Outcomes } from './judging/outcomes.js'
import { parseSchedule } from './judging/schedule-text.js'
import type { Machine } from './machine/machine.js'
import { checkOptions, type ExploreOptions, type StrategyName } from './options.js'
import type { ThreadWorld } from './program.js'
import { strategies } from './strategies.js'
import { type StrategyOptions, Tally } from './strategy.js'
import { HangError, within } from './watchdog.js'

/** A strategy makes so many steps between two looks at the time; more, if they take less than so long. */
const STRIDE = 500
const STRIDE_MS = 20
const STACK_MS = 500
/** Characters of a schedule that fit on a command line. */
const SHORT = 200

export interface Exploration {
  /**
   * `invalid`: a failure was found. `valid`: none, and all that was asked for was explored. `unknown`: none, but the budget was
   * spent before.
   */
  readonly verdict: 'valid' | 'invalid' | 'unknown'
  readonly strategy: StrategyName
  /** Whether nothing is left to explore. Never of `pct`, `random` and `replay`. */
  readonly exhausted: boolean
  /**
   * Executions followed to their end. With `dpor` one of each class: those that differ only in the order of independent operations
   * are one.
   */
  readonly traces: number
  /** Executions that `dpor` began and gave up, as all that follows was seen elsewhere. */
  readonly sleepBlocked: number
  /** Different states, of a strategy that tells them apart; else 0. */
  readonly states: number
  /** Steps made: operations, ticks and deaths. */
  readonly steps: number
  /** How many interleavings this covers: exact, or undefined where it is not known. */
  readonly interleavings?: bigint
  /** The different outcomes (final cells, and what bodies returned), and how many traces had each. */
  readonly outcomes: ReadonlyMap<string, number>
  /** How often code of the user's was run. */
  readonly runs: number
  /** Up to how many preemptions everything was explored, by `preemption-bounded`. */
  readonly preemptions?: number
  readonly elapsedMs: number
  readonly failure?: Failure
}

/**
 * Runs the threads of a program in every order of their operations on shared cells, or in many, and says whether one is wrong.
 *
 *     explore({
 *       cells: 1,
 *       threads: [increment, increment],       // (cells) => cells.store(0, cells.load(0) + 1)
 *       check: (cells) => assert(cells.load(0) === 2),
 *     })                                       // invalid: both load 0 before either stores 1
 *
 * The bodies are the code itself, unchanged, and run many times over, so they must be synchronous and depend on nothing but
 * their cells. Throws an `ExploreError` for options that are not allowed.
 */
export function explore<Local = ThreadWorld>(
  options: ExploreOptions<Local>,
  clock: Clock = monotonicClock,
): Exploration {
  const given = options as unknown as ExploreOptions<unknown>
  checkOptions(given)
  const name = given.strategy ?? (given.invariant ? 'stateful' : 'dpor')
  const found = run(given, name, clock)
  const isLast = name === 'preemption-bounded' || name === 'replay'
  const simpler = found.failure && !isLast ? simplerThan(given, found.failure) : undefined
  if (!simpler || (isSampled(name) && simpler.schedule.length > SHORT)) return told(found, given.seed)
  return { ...found, failure: simpler }
}

function isSampled(strategy: StrategyName): strategy is 'pct' | 'random' {
  return strategy === 'pct' || strategy === 'random'
}

/** A schedule of a sampled execution may be long: then its seed is told as well. */
function told(found: Exploration, seed = 1): Exploration {
  const { failure, strategy } = found
  if (!failure || failure.schedule.length <= SHORT) return found
  return isSampled(strategy) ? { ...found, failure: { ...failure, drawn: { strategy, seed } } } : found
}

function run(options: ExploreOptions<unknown>, name: StrategyName, clock: Clock): Exploration {
  const began = clock.nowMs()
  const {
    timeMs = 60_000,
    operations = 10_000,
    hangMs = 10_000,
    executions = Number.POSITIVE_INFINITY,
  } = options.budget ?? {}
  const nameOfCell = namesOf(options)
  const tally = new Tally()
  let assembly: Assembly | undefined
  let examiner: Examiner | undefined
  let outcomes: Outcomes | undefined
  let finding: Finding | undefined
  let ended = false
  try {
    within(hangMs, () => {
      assembly = assemble(options)
    })
    const { machine } = assembly as unknown as Assembly
    outcomes = new Outcomes(machine, options.cells, options.threads.length)
    examiner = new Examiner(machine, options, outcomes, operations, nameOfCell)
    const search = { machine, judge: examiner, tally, options: strategyOptions(options) }
    const strategy = new strategies[name](search)
    let stride = STRIDE
    for (let now = began; !ended && now - began < timeMs && tally.traces < executions; ) {
      within(hangMs, () => {
        ended = strategy.advance(stride)
      })
      const before = now
      now = clock.nowMs()
      stride = now - before < STRIDE_MS ? stride * 2 : Math.max(STRIDE, stride >> 1)
    }
    finding = examiner.finding
  } catch (error) {
    finding = findingOf(error, assembly, examiner)
    if (!finding) throw error
  }
  return conclude()

  function conclude(): Exploration {
    const machine = assembly?.machine
    const isSampling = name === 'pct' || name === 'random' || name === 'replay'
    const isDone = isSampling ? ended || tally.traces >= executions : tally.exhausted || boundReached(options, tally)
    const decided = isDone && (examiner?.undecided ?? 0) === 0
    const failure = finding && written(machine, finding)
    const interleavings = tally.interleavings ?? (tally.exhausted && machine ? interleavingsOf(machine) : undefined)
    const isKnown = machine !== undefined && machine.spinning.found === 0 && name !== 'preemption-bounded'
    return {
      verdict: finding ? (finding.kind === 'not-deterministic' ? 'unknown' : 'invalid') : decided ? 'valid' : 'unknown',
      strategy: name,
      exhausted: tally.exhausted,
      traces: tally.traces,
      sleepBlocked: tally.sleepBlocked,
      states: tally.states,
      steps: tally.steps,
      ...(interleavings !== undefined && isKnown ? { interleavings } : {}),
      outcomes: outcomes?.counts ?? new Map(),
      runs: assembly?.runner.runs ?? 0,
      ...(tally.preemptions !== undefined ? { preemptions: tally.preemptions } : {}),
      elapsedMs: clock.nowMs() - began,
      ...(failure ? { failure } : {}),
    }
  }

  function written(machine: Machine | undefined, found: Finding): Failure {
    const { stack, ...rest } = found
    let failure: Failure = { ...rest, schedule: '', preemptions: 0, table: '', ...(stack ? { stack } : {}) }
    try {
      if (machine) within(hangMs, () => (failure = writeDown(machine, found, nameOfCell)))
    } catch (error) {
      if (!(error instanceof HangError || error instanceof NotDeterministicError)) throw error
    }
    return failure
  }
}

/** All that was asked for was done, though there is more. */
function boundReached({ preemptions }: ExploreOptions<unknown>, tally: Tally): boolean {
  return preemptions !== undefined && tally.preemptions === preemptions
}

function strategyOptions(options: ExploreOptions<unknown>): StrategyOptions {
  const { seed = 1, depth = 3, preemptions = 2 ** 31 - 1, schedule, budget = {} } = options
  return {
    seed,
    depth,
    mostPreemptions: preemptions,
    schedule: schedule === undefined ? [] : parseSchedule(schedule),
    executions: budget.executions ?? 1000,
    states: budget.states ?? 20_000_000,
  }
}

/** The same failure with fewer preemptions, if one is found soon. */
function simplerThan(options: ExploreOptions<unknown>, failure: Failure): Failure | undefined {
  const { simplerMs = 2_000 } = options.budget ?? {}
  if (
    simplerMs === 0 ||
    failure.preemptions === 0 ||
    failure.kind === 'endless' ||
    failure.kind === 'not-deterministic'
  )
    return undefined
  const bound = { ...options, preemptions: failure.preemptions - 1 }
  const budget = { ...options.budget, timeMs: simplerMs, states: 1_000_000 }
  const { failure: simpler } = run({ ...bound, budget }, 'preemption-bounded', monotonicClock)
  return simpler?.kind === failure.kind ? simpler : undefined
}

function findingOf(
  error: unknown,
  assembly: Assembly | undefined,
  examiner: Examiner | undefined,
): Finding | undefined {
  if (error instanceof NotDeterministicError) return { kind: 'not-deterministic', reason: error.message }
  if (!(error instanceof HangError)) return undefined
  if (examiner?.asking) return { kind: 'endless', reason: `${examiner.asking} did not come back: ${error.message}` }
  if (!assembly) return { kind: 'endless', reason: `a thread did not come to its first operation: ${error.message}` }
  const { runner } = assembly
  const { thread, prefix } = runner
  const stack = runner.stackOfLast(thread, prefix, (action) => {
    try {
      within(STACK_MS, action)
    } catch (again) {
      if (!(again instanceof HangError)) throw again
    }
  })
  const reason = `thread ${thread} was ${error.message} without an operation, after its operation ${prefix.length}`
  return { kind: 'endless', reason, stack }
}

function namesOf(options: ExploreOptions<unknown>): (cell: number) => string {
  return (cell) => (cell >= options.cells ? 'the clock' : (options.nameOfCell?.(cell) ?? String(cell)))
}
