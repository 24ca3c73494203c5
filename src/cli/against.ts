import type { Comparison } from '../baseline/answer.js'
import { planKey } from '../baseline/baseline.js'
import { isOtherMachine } from '../baseline/compare.js'
import { type Noise, PAIRS_MIN, readNoise, type Same, saveNoise } from '../baseline/noise.js'
import { comparePairs, type Pair, sameOf } from '../baseline/pairs.js'
import { find } from '../catalog.js'
import type { EngineOptions } from '../engine.js'
import type { Plan } from '../plan.js'
import { absolutePlugIn } from '../plug-in-path.js'
import { Baton } from '../profiler/baton.js'
import type { Report } from '../report.js'
import { environment } from '../stress/assembling.js'
import { run } from '../stress.js'
import { wallTimeText } from '../world/clock.js'
import { holdToOneProcessor } from '../world/processors.js'
import { lastOfEach, REPEATS } from './baselines.js'
import type { ProgressView } from './progress.js'
import { type RunResults, runPlans } from './runs.js'

/** Two targets held against each other in one go. */
export interface AgainstFlags {
  /** What `--target` is held against. */
  readonly against?: string
  /** Where it is kept what the same came to against the same on this machine. */
  readonly noise?: string
  readonly repeat?: number
}

/** One plan on both of two targets; of a control, on the same twice. */
interface Contest {
  readonly before: Plan
  readonly after: Plan
  readonly isControl: boolean
}

export interface Contested extends RunResults {
  readonly comparison: Comparison
}

/**
 * Carries out each plan on its target and on the one that it is held against, again and again. Where the noise of it isn't kept,
 * the latter also runs against itself, as often, between the others.
 */
export async function runAgainst(
  plans: readonly Plan[],
  { against, noise: file, repeat = REPEATS }: AgainstFlags & { readonly against: string },
  view: ProgressView,
  signal: AbortSignal,
): Promise<Contested> {
  const opponent = absolutePlugIn(against)
  await find('targets', opponent)
  const stored = file === undefined ? undefined : await readNoise(file)
  const kept = sameHere(stored)
  const contests = plans.flatMap((after): Contest[] => {
    const before = { ...after, target: opponent }
    const isKnown = kept.some(({ plan }) => plan === planKey(before))
    return [{ before, after, isControl: false }, ...(isKnown ? [] : [{ before, after: before, isControl: true }])]
  })
  const isInTurns = plans.some(({ overhead }) => overhead !== undefined)
  const letGo = isInTurns ? holdToOneProcessor() : undefined
  const { pairs, controls, ran } = await runContests(contests, repeat, view, signal).finally(letGo)
  const measured = sameOf(controls)
  if (file !== undefined && measured.length > 0) {
    await saveNoise(file, measured, kept, environment(), wallTimeText())
  }
  const trust = [
    ...(isInTurns && letGo === undefined ? ['both sides ran on whatever processors the system gave them'] : []),
    ...(stored && kept.length > 0 && measured.length === 0 ? [`noise: ${file}, of ${stored.savedAt}`] : []),
  ]
  return { ...ran, comparison: comparePairs(pairs, [...kept, ...measured], trust) }
}

/** Another machine strays by something else, and what was cut short tells nothing. */
function sameHere(stored: Noise | undefined): readonly Same[] {
  if (stored === undefined || isOtherMachine(stored.environment, environment())) return []
  return stored.runs.filter(({ ratios }) => Object.values(ratios).some(({ length }) => length >= PAIRS_MIN))
}

async function runContests(contests: readonly Contest[], repeat: number, view: ProgressView, signal: AbortSignal) {
  const [pairs, controls]: [Pair[], Pair[]] = [[], []]
  const results: RunResults['results'][number][] = []
  const turns = Array.from({ length: repeat }, (_, index) => {
    const order = index % 2 === 0 ? contests : contests.toReversed()
    return order.map((contest) => ({ ...contest, isAfterFirst: index % 2 === 1 }))
  }).flat()
  const queue = [...turns]
  const plans = turns.map(({ after }) => after)
  const ran = await runPlans(plans, view, signal, async (_, options = {}) => {
    const { before, after, isControl, isAfterFirst } = queue.shift() as (typeof turns)[number]
    const pair = await runPair(before, after, isAfterFirst, options)
    if (isControl) controls.push(pair)
    else pairs.push(pair)
    return pair.after
  })
  // What is held against is no more on trial than its control.
  for (const [index, result] of ran.results.entries()) if (!turns[index]?.isControl) results.push(result)
  return { pairs, controls, ran: { ...ran, results, reports: lastOfEach(pairs.map(({ after }) => after)) } }
}

/** Both at once and in turns where a plan measures by turns; any other plan has the machine to itself, A B, B A, A B … */
async function runPair(before: Plan, after: Plan, isAfterFirst: boolean, options: EngineOptions): Promise<Pair> {
  if (before.overhead === undefined) {
    const first = await run(isAfterFirst ? after : before, options)
    const second = await run(isAfterFirst ? before : after, options)
    return isAfterFirst ? { before: second, after: first } : { before: first, after: second }
  }
  const [one, other] = Baton.allocate()
  const [baton, opposite] = isAfterFirst ? [other, one] : [one, other]
  const ended = await Promise.allSettled([
    run(before, { ...options, baton, onProgress: () => {} }),
    run(after, { ...options, baton: opposite }),
  ])
  const [first, second] = ended.map((end): Report => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
  return { before: first as Report, after: second as Report }
}
