import { ControlWords, State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { type ResolvedOptions, resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { Counters } from '../../breaker/threads/counters.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import type { WindowMeasure } from '../../breaker/window.js'
import { TimeWindow } from '../../breaker/windows/time.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import { plural } from '../../reporting/figures.js'
import type { Clock } from '../../world/clock.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { cellName } from '../shipped/cell-name.js'

/** Two buckets, from the clock's origin on, where an entry that was never written has the number of the first. */
const BUCKET_MS = 500
const slidingWindow = { type: 'time', durationMs: 2 * BUCKET_MS, buckets: 2 } as const
const settings = { name: 'raced', maxThreads: 2, slidingWindow, minimumCalls: 2 }
const resolved = resolveOptions({ ...settings, quorum: 2 })
/** Where threads are not told apart, what one has summed up need not be summed up by the next. */
const rates = { failureRateThreshold: 0.5, slowCallRateThreshold: 0.5, slowCallDurationThresholdMs: 1 }
const together = resolveOptions({ ...settings, ...rates })
const patient = resolveOptions({ ...settings, ...rates, minimumCalls: 6 })
const map = new MemoryMap(0, { ...resolved.sizes, events: 4 })
const words = new ControlWords(map.sizes.slots)
/** Two lives of the circuit, one after the other. */
const lives = { earlier: words.compose(State.closed, 1, 0), own: words.compose(State.closed, 2, 0) }

/** One call, as it was recorded; or that its thread let its part begin anew. */
type Act = keyof typeof acts
interface Recorded {
  readonly act: Act
  readonly atMs: number
  /** What the window said of it. */
  readonly verdict: number
}

/**
 * S succeeded, F failed; small letters were slow as well. Q succeeded and P failed in the life before. X lets the thread's part begin anew; in `|` the slot
 * is another thread's from there on.
 */
const acts = {
  S: (window: TimeWindow) => window.recordSuccess(lives.own, true),
  F: (window: TimeWindow) => window.recordFailure(lives.own),
  s: (window: TimeWindow) => window.recordSlow(lives.own, false),
  f: (window: TimeWindow) => window.recordSlow(lives.own, true),
  Q: (window: TimeWindow) => window.recordSuccess(lives.earlier, true),
  P: (window: TimeWindow) => window.recordFailure(lives.earlier),
  X: (window: TimeWindow) => {
    window.forgetOwn()
    return 0
  },
  '|': () => 0,
}

interface End {
  readonly cells: Cells
  readonly thread: number
  readonly clock: Clock
}

function windowOf({ cells, thread: slot, clock }: End, { configuration }: ResolvedOptions = resolved): TimeWindow {
  const counters = new Counters(cells, map.counters(slot))
  return new TimeWindow({ cells, map, words, counters, slot, clock, configuration }, slidingWindow)
}

function record(end: End, letters: string, options = resolved): Recorded[] {
  let atMs = 0
  // What the window is told of the time, and not a moment before or after.
  const noting = { ...end, clock: { nowMs: () => (atMs = end.clock.nowMs()) } }
  let window = windowOf(noting, options)
  return ([...letters] as Act[]).map((act) => {
    if (act === '|') window = windowOf(noting, options)
    const verdict = acts[act](window)
    return { act, atMs, verdict }
  })
}

const records =
  (letters: string, options = resolved): Body<End> =>
  (_cells, _call, end) =>
    record(end, letters, options)

/** Measures, and throws if that is nothing that ever was. */
const measures =
  (possible: readonly string[]): Body<End> =>
  (_cells, _call, end) => {
    const measured = textOf(windowOf(end).measure(lives.own))
    if (possible.includes(measured)) return measured
    throw new Error(`it measures ${measured}; possible: ${possible.join('; ')}`)
  }

function textOf({ calls, failures, slow }: WindowMeasure): string {
  return `${calls} calls, ${failures} failed, ${slow} slow`
}

/** What should be in the window at this moment, of what was recorded until then. */
function expected(byThread: readonly (readonly Recorded[])[], nowMs: number): WindowMeasure {
  const oldestMs = (Math.floor(nowMs / BUCKET_MS) - slidingWindow.buckets + 1) * BUCKET_MS
  const inWindow = byThread
    .flatMap((recorded) => recorded.slice(recorded.findLastIndex(({ act }) => act === 'X') + 1))
    .filter(({ act, atMs }) => 'SFsf'.includes(act) && atMs >= oldestMs)
  const count = (letters: string) => inWindow.filter(({ act }) => letters.includes(act)).length
  return { calls: inWindow.length, failures: count('Ff'), slow: count('sf') }
}

/** Once everybody is done, the window holds exactly what was recorded in its buckets, however late one looks. */
function measuredIsRecorded(before: readonly Recorded[]): Question {
  return {
    check(cells, returned) {
      const byThread = returned.map((result, thread) => [
        ...(thread === 0 ? before : []),
        ...(Array.isArray(result) ? (result as Recorded[]) : []),
      ])
      const copy = new PrivateCells(cells.length)
      for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
      const lastMs = Math.max(...byThread.flat().map(({ atMs }) => atMs))
      for (let nowMs = lastMs; nowMs <= lastMs + slidingWindow.durationMs; nowMs += BUCKET_MS) {
        const measured = textOf(windowOf({ cells: copy, thread: 0, clock: { nowMs: () => nowMs } }).measure(lives.own))
        const due = textOf(expected(byThread, nowMs))
        if (measured !== due) throw new Error(`at ${nowMs} ms it measures ${measured}; recorded are ${due}`)
      }
    },
  }
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

interface Race {
  readonly name: string
  /** What the first thread's slot recorded before. */
  readonly before?: string
  /** Default: threads are told apart. */
  readonly options?: ResolvedOptions
  readonly threads: readonly Body<End>[]
  readonly ticksMs?: readonly number[]
  readonly questions?: RacedCase['questions']
  /** Whether somebody must say what can be concluded. */
  readonly isConcluded?: boolean
}

interface Sketch extends Omit<Race, 'threads'> {
  /** What each thread records. */
  readonly acts: readonly string[]
}

/** What a success may be measured as while it is recorded. */
const oneOrNone = ['0 calls, 0 failed, 0 slow', '1 calls, 0 failed, 0 slow']

const races: readonly Race[] = [
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
  { name: 'two fail', threads: [records('F'), records('F')], questions: { conservation: quorumDecides } },
  { name: 'one fails alone', threads: [records('FF'), records('SS')], questions: { conservation: quorumDecides } },
  ...[
    { name: 'two fail where one more may', before: 'SSSF', acts: ['F', 'F'] },
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
    ...[1, 2, 3].map((buckets) => ({
      name: `what was judged is ${plural(buckets, 'bucket')} old`,
      before: 'SSSSSF',
      acts: ['S', 'F'],
      ticksMs: [buckets * BUCKET_MS],
    })),
  ].map(
    ({ acts, options = together, ...rest }: Sketch): Race => ({
      ...rest,
      options,
      threads: acts.map((letters) => records(letters, options)),
      isConcluded: true,
    }),
  ),
  ...[1, 2].map(
    (buckets): Race => ({
      name: `one alone, ${plural(buckets, 'bucket')} later`,
      options: together,
      threads: [records('SSSSSFSFsSF', together)],
      ticksMs: [buckets * BUCKET_MS],
      questions: { conservation: saidAtOnce },
    }),
  ),
]

function programOf({ before = '', threads, ticksMs = [], options }: Race): {
  program: Program<End>
  recorded: Recorded[]
} {
  const clock = { nowMs: () => 0 }
  const prepare = (cells: Cells) => {
    for (let thread = 0; thread < threads.length; thread++) claimSlot(cells, map, thread + 1)
    return record({ cells, thread: 0, clock }, before, options)
  }
  return {
    recorded: prepare(new PrivateCells(map.size)),
    program: {
      cells: map.size,
      setup: (cells) => {
        prepare(cells)
        return (own, { thread, clock: ticked }) => {
          // The explorer's clock counts the ticks, which may so be longer than any of its own.
          const nowMs = () => ticksMs.slice(0, ticked.nowMs()).reduce((sum, tickMs) => sum + tickMs, 0)
          return { cells: own, thread, clock: { nowMs } }
        }
      },
      threads,
      clock: { startMs: 0, ticksMs: ticksMs.map(() => 1) },
    },
  }
}

const program: RacedProgram = {
  claim:
    'A window of time holds what its threads recorded in its buckets and its life, whole, whoever measures as an entry is written anew.',

  cases: () =>
    races.map((race): RacedCase => {
      const { program, recorded } = programOf(race)
      return {
        name: race.name,
        effort: 'quick',
        program,
        questions: {
          'no-lost-update': measuredIsRecorded(recorded),
          assertion: {},
          ...(race.isConcluded ? { conservation: conclusionDrawn(recorded, race.options ?? together) } : {}),
          ...race.questions,
        },
        how: { nameOfCell: (cell) => cellName(map, cell) },
      }
    }),
}

export default program
