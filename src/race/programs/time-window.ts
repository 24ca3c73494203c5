import { Reason } from '../../breaker/life/transition-log.js'
import type { Body } from '../../explore/program.js'
import type { Question } from '../question.js'
import type { RacedProgram } from '../raced-program.js'
import {
  BUCKET_MS,
  type End,
  life,
  type Recorded,
  records,
  textOf,
  type WindowRace,
  windowCase,
  windowOf,
} from '../shipped/window-race.js'

/** Measures, and throws if that is nothing that ever was. */
const measures =
  (possible: readonly string[]): Body<End> =>
  (_cells, _call, end) => {
    const measured = textOf(windowOf(end).measure(life))
    if (possible.includes(measured)) return measured
    throw new Error(`it measures ${measured}; possible: ${possible.join('; ')}`)
  }

/** The whole opens if two threads have failures; one that fails alone is cut off, by itself. */
const quorumDecides: Question = {
  check(_cells, returned) {
    const byThread = (returned as Recorded[][]).map((recorded) => recorded.map(({ verdict }) => verdict))
    const failing = (returned as Recorded[][]).filter((recorded) => recorded.some(({ act }) => act === 'F')).length
    const verdicts = byThread.flat().filter((verdict) => verdict !== 0)
    const due = failing > 1 ? Reason.failureRate : -Reason.failureRate
    if (verdicts.length === 0) throw new Error('nobody draws the conclusion')
    if (verdicts.some((verdict) => verdict !== due))
      throw new Error(`${failing} threads failed: ${byThread.join('; ')}`)
  },
}

/** What a success may be measured as while it is recorded. */
const oneOrNone = ['0 calls, 0 failed, 0 slow', '1 calls, 0 failed, 0 slow']

const races: readonly WindowRace[] = [
  {
    name: 'two record as time passes',
    before: 'SFs',
    threads: [records('fS'), records('F')],
    ticksMs: [BUCKET_MS],
  },
  ...[2, 2 ** 32].map((buckets) => ({
    name: `an entry is written anew as another measures it, ${buckets.toLocaleString('en-US')} buckets later`,
    before: 'SFs',
    threads: [records('S'), measures(['4 calls, 1 failed, 1 slow', '3 calls, 1 failed, 1 slow', ...oneOrNone])],
    ticksMs: [buckets * BUCKET_MS],
  })),
  {
    name: 'an entry is written anew for the next life as another measures it',
    before: 'P',
    threads: [records('S'), measures(oneOrNone)],
  },
  { name: 'the slot becomes another thread’s', before: 'S', threads: [records('F|sF|S')], ticksMs: [BUCKET_MS] },
  { name: 'a thread’s part begins anew', before: 'F', threads: [records('FXS'), records('F')], ticksMs: [BUCKET_MS] },
  { name: 'two fail', threads: [records('F'), records('F')], questions: () => ({ conservation: quorumDecides }) },
  {
    name: 'one fails alone',
    threads: [records('FF'), records('SS')],
    questions: () => ({ conservation: quorumDecides }),
  },
]

const program: RacedProgram = {
  claim:
    'A window of time holds what its threads recorded in its buckets and its life, whole, whoever measures as an entry is written anew.',
  cases: () => races.map(windowCase),
}

export default program
