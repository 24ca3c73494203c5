import { type ResolvedOptions, resolveOptions } from '../../breaker/resolve-options.js'
import type { WindowMeasure } from '../../breaker/window.js'
import { plural } from '../../reporting/figures.js'
import type { Question } from '../question.js'
import type { RacedProgram } from '../raced-program.js'
import {
  BUCKET_MS,
  expected,
  type Recorded,
  records,
  settings,
  textOf,
  type WindowRace,
  windowCase,
} from '../shipped/window-race.js'

const rates = { failureRateThreshold: 0.5, slowCallRateThreshold: 0.5, slowCallDurationThresholdMs: 1 }
const together = resolveOptions({ ...settings, ...rates })
const patient = resolveOptions({ ...settings, ...rates, minimumCalls: 6 })

/** If a rate has reached its threshold among all that was recorded, somebody has said so, wherever it need not be summed. */
function conclusionDrawn(before: readonly Recorded[], options: ResolvedOptions): Question {
  return {
    check(_cells, returned) {
      const byThread = returned as Recorded[][]
      const recorded = byThread.flat()
      // One that reads its clock, and records when another has recorded in the next bucket, judges the window as it was.
      if (new Set(recorded.map(({ atMs }) => Math.floor(atMs / BUCKET_MS))).size > 1) return
      const measured = expected([before, ...byThread], recorded[0]?.atMs ?? 0)
      if (isReached(measured, options) && recorded.every(({ verdict }) => verdict === 0))
        throw new Error(`${textOf(measured)}: nobody says that a threshold is reached`)
    },
  }
}

/** A thread that is alone says of every result whether a threshold is reached, until it is. */
const saidAtOnce: Question = {
  check(_cells, [result]) {
    const recorded = result as Recorded[]
    for (const [at, { verdict, atMs }] of recorded.entries()) {
      const measured = expected([recorded.slice(0, at + 1)], atMs)
      if (isReached(measured, together) !== (verdict !== 0))
        throw new Error(`it says ${verdict} of ${textOf(measured)}`)
      if (verdict !== 0) return
    }
  },
}

function isReached({ calls, failures, slow }: WindowMeasure, { configuration }: ResolvedOptions): boolean {
  const { minimumCalls, failureRateThreshold, slowCallRateThreshold } = configuration
  if (calls < minimumCalls) return false
  return failures / calls >= failureRateThreshold || slow / calls >= slowCallRateThreshold
}

interface Sketch extends Omit<WindowRace, 'threads'> {
  /** What each thread records. */
  readonly acts: readonly string[]
}

const races: readonly WindowRace[] = [
  ...[
    { name: 'two fail where one more may', before: 'SSSF', acts: ['F', 'F'] },
    { name: 'two fail as strikes come round', before: 'SSSF', strikes: 2 ** 31 - 2, acts: ['F', 'F'] },
    { name: 'two are slow where one more may be', before: 'SSSs', acts: ['s', 's'] },
    { name: 'one is slow and one fails', before: 'SSS', acts: ['f', 'FF'] },
    { name: 'one succeeds and one fails', before: '', acts: ['S', 'F'] },
    { name: 'two fail after as many successes', before: 'S', acts: ['SF', 'F'] },
    { name: 'the calls reach the minimum by a success', before: 'S', acts: ['SS', 'FFF'], options: patient },
    { name: 'what was judged is of the life before', before: 'QQQQQP', acts: ['', 'SF'] },
    {
      name: 'what was judged is where another bucket would be',
      before: 'SSSSSF',
      acts: ['', 'SF'],
      ticksMs: [2 * BUCKET_MS],
    },
    {
      name: 'what was judged is 2 buckets old, and strikes have come round',
      before: 'SSSSSF',
      strikes: -10,
      acts: ['S', 'F'],
      ticksMs: [2 * BUCKET_MS],
    },
    ...[1, 2, 3].map((buckets) => ({
      name: `what was judged is ${plural(buckets, 'bucket')} old`,
      before: 'SSSSSF',
      acts: ['S', 'F'],
      ticksMs: [buckets * BUCKET_MS],
    })),
  ].map(
    ({ acts, options = together, ...rest }: Sketch): WindowRace => ({
      ...rest,
      options,
      threads: acts.map((letters) => records(letters, options)),
      questions: (before) => ({ conservation: conclusionDrawn(before, options) }),
    }),
  ),
  ...[1, 2].map(
    (buckets): WindowRace => ({
      name: `one alone, ${plural(buckets, 'bucket')} later`,
      options: together,
      threads: [records('SSSSSFSFsSF', together)],
      ticksMs: [buckets * BUCKET_MS],
      questions: () => ({ conservation: saidAtOnce }),
    }),
  ),
]

const program: RacedProgram = {
  claim: 'Threads that need not sum a window of time, as another has, let no threshold be reached without saying so.',
  cases: () => races.map(windowCase),
}

export default program
