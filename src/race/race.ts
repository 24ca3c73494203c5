import { find } from '../catalog.js'
import { judge } from '../judge.js'
import type { Report } from '../report.js'
import { stressEngine } from '../stress/coordinator.js'
import { type Clock, monotonicClock } from '../world/clock.js'
import type { Detection } from './detection.js'
import { type CaseName, exploreAll, LEAST_MS } from './explore-all.js'
import { casesFor, type Explored } from './exploring.js'
import { each, LANES, type Tell } from './lanes.js'
import { findRace, raceNames } from './plug-ins.js'
import type { Effort, RacedCase } from './raced-program.js'
import { type LitmusResult, type RaceReport, resultOf, type ThreadsResult } from './report/race-report.js'
import { Crew } from './threads/crew.js'
import { hammer } from './threads/hammer.js'
import { gradeLitmus } from './threads/litmus-grading.js'

export interface RaceOptions {
  readonly effort: Effort
  /** Only what has one of these in its name: `broken/lost`, `half-open,litmus`. Default: all. */
  readonly only?: string
  /** With `deep`: how long it takes, in all. Default: until everything is explored. */
  readonly durationMs?: number
  readonly seed?: number
  readonly command?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RaceProgress) => void
}

export interface RaceProgress {
  readonly part: string
  readonly done: number
  readonly of: number
  /** What was just finished. */
  readonly latest: string
}

interface Times {
  /** The whole suite. On a slow machine cases that have no time left are unknown, and say so; it takes no longer. */
  readonly wholeMs: number
  readonly detectMs: number
  readonly exploreMs: number
  /** Of the time that is left, the most that an exploration takes at first. */
  readonly firstShare: number
  readonly litmusMs: number
  readonly threadsMs: number
  /** The scenarios of the stress engine: how many requests. */
  readonly requests: number
}

const timesOf: Readonly<Record<Effort, Times>> = {
  quick: {
    wholeMs: 60_000,
    detectMs: 5_000,
    exploreMs: 20_000,
    firstShare: 0.4,
    litmusMs: 300,
    threadsMs: 150,
    requests: 2_000,
  },
  default: {
    wholeMs: 600_000,
    detectMs: 20_000,
    exploreMs: 120_000,
    firstShare: 0.15,
    litmusMs: 2_000,
    threadsMs: 1_500,
    requests: 20_000,
  },
  deep: {
    wholeMs: Number.POSITIVE_INFINITY,
    detectMs: 60_000,
    exploreMs: 1_800_000,
    firstShare: 0.1,
    litmusMs: 10_000,
    threadsMs: 20_000,
    requests: 200_000,
  },
}
/** Until when explorations go on, and real threads on what was explored, as shares of the whole. */
const EXPLORED_BY = 0.65
const HAMMERED_BY = 0.85
/** Beyond the time of a task, before its thread is taken for hung. */
const GRACE_MS = 30_000

/**
 * The race-detection suite: first every broken target, so that the checkers are judged before they judge; then the shipped breaker in
 * every interleaving; then real threads, on litmus tests, on the explored programs and in traffic.
 *
 * What one part finds, or that one part fails, keeps no other from running.
 */
export async function race(options: RaceOptions, clock: Clock = monotonicClock): Promise<RaceReport> {
  const began = clock.nowMs()
  const { effort, signal = new AbortController().signal, command = 'busbar race' } = options
  const until = (share: number) => began + share * (options.durationMs ?? timesOf[effort].wholeMs)
  const failed: { what: string; why: string }[] = []
  const attempt = async <Result>(what: string, act: () => Promise<Result>): Promise<Result | undefined> => {
    if (signal.aborted) return undefined
    try {
      return await act()
    } catch (error) {
      if (!signal.aborted) failed.push({ what, why: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }
  const crew = new Crew(LANES, signal)
  let detections: Detection[] = []
  let explored: Explored[] = []
  try {
    detections = (await detectAll(crew, options, attempt)).flat()
    explored = await exploreShipped(crew, options, attempt, () => until(EXPLORED_BY) - clock.nowMs())
  } finally {
    await crew.close()
  }
  const litmus: LitmusResult[] = []
  const threads: ThreadsResult[] = []
  const hammers = new Crew(4, signal)
  try {
    litmus.push(...(await litmusAll(hammers, options, attempt)))
    const leftMs = () => until(HAMMERED_BY) - clock.nowMs()
    threads.push(...(await threadsAll(hammers, options, explored, attempt, leftMs)))
  } finally {
    await hammers.close()
  }
  const scenarios = await scenariosAll(options, signal, attempt)
  const parts = { detections, explored, litmus, threads, scenarios, failed }
  const rest = { schemaVersion: 1 as const, effort, interrupted: signal.aborted, elapsedMs: clock.nowMs() - began }
  const report = { ...rest, ...parts, command }
  return { ...report, result: resultOf(report) }
}

type Attempt = <Result>(what: string, act: () => Promise<Result>) => Promise<Result | undefined>

async function detectAll(crew: Crew, options: RaceOptions, attempt: Attempt): Promise<(readonly Detection[])[]> {
  const { detectMs } = timesOf[options.effort]
  const targets = chosen(await raceNames('broken'), 'broken', options)
  return each(
    targets,
    (target) =>
      attempt(`broken/${target}`, () =>
        crew.run({ kind: 'detect', target, timeMs: detectMs }, detectMs * 4 + GRACE_MS),
      ),
    telling('broken targets', options),
  )
}

async function exploreShipped(
  crew: Crew,
  options: RaceOptions,
  attempt: Attempt,
  leftMs: () => number,
): Promise<Explored[]> {
  const { exploreMs, firstShare } = timesOf[options.effort]
  const cases: CaseName[] = []
  for (const program of chosen(await raceNames('programs'), 'programs', options)) {
    for (const index of casesFor(await findRace('programs', program), options.effort)) cases.push({ program, index })
  }
  const explore = ({ program, index }: CaseName, timeMs: number) =>
    attempt(`programs/${program}/${index}`, () =>
      crew.run({ kind: 'explore', program, index, timeMs }, timeMs + GRACE_MS),
    )
  return exploreAll(cases, explore, { leftMs, mostMs: exploreMs, firstShare }, telling('explored', options))
}

async function litmusAll(crew: Crew, options: RaceOptions, attempt: Attempt): Promise<LitmusResult[]> {
  const { litmusMs } = timesOf[options.effort]
  const results: LitmusResult[] = []
  const names = chosen(await raceNames('litmus'), 'litmus', options)
  for (const [at, name] of names.entries()) {
    const target = `litmus/${name}`
    const result = await attempt(target, async () => {
      const { question } = await findRace('litmus', name)
      const possible = await crew.run({ kind: 'outcomes', target, timeMs: 10_000 }, 10_000 + GRACE_MS)
      const hammered = await hammer(crew, target, { timeMs: litmusMs, seed: options.seed ?? 1, ...signalOf(options) })
      return gradeLitmus(name, question, possible, hammered)
    })
    if (result) results.push(result)
    options.onProgress?.({ part: 'litmus tests', done: at + 1, of: names.length, latest: name })
  }
  return results
}

/** Real threads on those programs whose every outcome is known. */
async function threadsAll(
  crew: Crew,
  options: RaceOptions,
  explored: readonly Explored[],
  attempt: Attempt,
  leftMs: () => number,
): Promise<ThreadsResult[]> {
  const results: ThreadsResult[] = []
  const known: Explored[] = []
  for (const one of explored) {
    const raced = (await findRace('programs', one.program)).cases()[one.index]
    if (one.exploration.exhausted && raced && fitsThreads(raced)) known.push(one)
  }
  for (const [at, { program, index, case: name, exploration }] of known.entries()) {
    const target = `programs/${program}/${index}`
    const result = await attempt(`${target} on threads`, async (): Promise<ThreadsResult> => {
      const timing = {
        timeMs: timeForEach(known.length - at, leftMs(), options),
        seed: options.seed ?? 1,
        ...signalOf(options),
      }
      const { iterations, outcomes, histories, notLinearizable } = await hammer(crew, target, timing)
      const impossible = [...outcomes.keys()].filter((outcome) => !exploration.outcomes.has(outcome))
      const possible = exploration.outcomes.size
      const isWrong = impossible.length > 0 || notLinearizable !== undefined
      return {
        program,
        index,
        case: name,
        result: isWrong ? 'invalid' : 'valid',
        iterations,
        seen: outcomes.size,
        possible,
        impossible,
        histories,
        ...(notLinearizable ? { notLinearizable } : {}),
      }
    })
    if (result) results.push(result)
    options.onProgress?.({ part: 'real threads', done: at + 1, of: known.length, latest: target })
  }
  return results
}

/** With a duration asked for, all that is left of it; else as long as usual, or less where that is late. */
function timeForEach(cases: number, leftMs: number, { effort, durationMs }: RaceOptions): number {
  const { threadsMs } = timesOf[effort]
  const share = leftMs / cases
  return Math.max(LEAST_MS, durationMs === undefined ? Math.min(threadsMs, share) : share)
}

/** Nobody dies and no time passes on real threads here: what those do is explored. */
function fitsThreads({ program }: RacedCase): boolean {
  const { deaths = 0, clock, onDeath } = program
  return deaths === 0 && !onDeath && (clock?.ticksMs.length ?? 0) === 0 && program.threads.length <= 4
}

async function scenariosAll(options: RaceOptions, signal: AbortSignal, attempt: Attempt): Promise<Report[]> {
  const reports: Report[] = []
  const names = chosen(['data-race', 'transition-consistency'], 'scenarios', options)
  for (const [at, name] of names.entries()) {
    const report = await attempt(`scenarios/${name}`, async () => {
      const plan = (await find('scenarios', name)).plan({ requests: timesOf[options.effort].requests })
      return judge(await stressEngine.run(plan, { signal }))
    })
    if (report) reports.push(report)
    options.onProgress?.({ part: 'scenarios', done: at + 1, of: names.length, latest: name })
  }
  return reports
}

function chosen(names: readonly string[], kind: string, { only }: RaceOptions): string[] {
  const wanted = only?.split(',')
  return names.filter((name) => wanted?.some((part) => `${kind}/${name}`.includes(part)) ?? true)
}

function signalOf({ signal }: RaceOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}

function telling(part: string, { onProgress }: RaceOptions): Tell {
  return (done, of, latest) => onProgress?.({ part, done, of, latest })
}
