import { ControlWords, State } from '../../breaker/life/control-word.js'
import { type ResolvedOptions, resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { Counters } from '../../breaker/threads/counters.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import type { WindowMeasure } from '../../breaker/window.js'
import { TimeWindow } from '../../breaker/windows/time.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Clock } from '../../world/clock.js'
import type { Question, Questions } from '../question.js'
import type { RacedCase } from '../raced-program.js'
import { cellName } from './cell-name.js'

/** Two buckets, from the clock's origin on, where an entry that was never written has the number of the first. */
export const BUCKET_MS = 500
const slidingWindow = { type: 'time', durationMs: 2 * BUCKET_MS, buckets: 2 } as const
export const settings = { name: 'raced', maxThreads: 2, slidingWindow, minimumCalls: 2 }
/** Threads are told apart. */
const apart = resolveOptions({ ...settings, quorum: 2 })
const map = new MemoryMap(0, { ...apart.sizes, events: 4 })
const words = new ControlWords(map.sizes.slots)
/** Two lives of the circuit, one after the other. */
const lives = { earlier: words.compose(State.closed, 1, 0), own: words.compose(State.closed, 2, 0) }
/** One call, as it was recorded; or that its thread let its part begin anew. */
type Act = keyof typeof acts
export interface Recorded {
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
export interface End {
  readonly cells: Cells
  readonly thread: number
  readonly clock: Clock
}

export function windowOf({ cells, thread: slot, clock }: End, { configuration }: ResolvedOptions = apart): TimeWindow {
  const counters = new Counters(cells, map.counters(slot))
  return new TimeWindow({ cells, map, words, counters, slot, clock, configuration }, slidingWindow)
}

function record(end: End, letters: string, options = apart): Recorded[] {
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
export const records =
  (letters: string, options = apart): Body<End> =>
  (_cells, _call, end) =>
    record(end, letters, options)

export function textOf({ calls, failures, slow }: WindowMeasure): string {
  return `${calls} calls, ${failures} failed, ${slow} slow`
}

/** What should be in the window at this moment, of what was recorded until then. */
export function expected(byThread: readonly (readonly Recorded[])[], nowMs: number): WindowMeasure {
  const oldestMs = (Math.floor(nowMs / BUCKET_MS) - slidingWindow.buckets + 1) * BUCKET_MS
  const inWindow = byThread
    .flatMap((recorded) => recorded.slice(recorded.findLastIndex(({ act }) => act === 'X') + 1))
    .filter(({ act, atMs }) => 'SFsf'.includes(act) && atMs >= oldestMs)
  const count = (letters: string) => inWindow.filter(({ act }) => letters.includes(act)).length
  return { calls: inWindow.length, failures: count('Ff'), slow: count('sf') }
}

export interface WindowRace {
  readonly name: string
  /** What the first thread's slot recorded before. */
  readonly before?: string
  /** How many strikes there were before that. Default 0. */
  readonly strikes?: number
  /** Default: threads are told apart. */
  readonly options?: ResolvedOptions
  readonly threads: readonly Body<End>[]
  readonly ticksMs?: readonly number[]
  /** What is asked besides what is measured in the end, given what was recorded before. */
  readonly questions?: (before: readonly Recorded[]) => Questions
}

/** A case of a program: threads that record in a window of time, and measure it. */
export function windowCase(race: WindowRace): RacedCase {
  const { program, recorded } = programOf(race)
  return {
    name: race.name,
    effort: 'quick',
    program,
    questions: { 'no-lost-update': measuredIsRecorded(recorded), assertion: {}, ...race.questions?.(recorded) },
    how: { nameOfCell: (cell) => cellName(map, cell) },
  }
}

function programOf({ before = '', strikes = 0, threads, ticksMs = [], options }: WindowRace): {
  program: Program<End>
  recorded: Recorded[]
} {
  const clock = { nowMs: () => 0 }
  const prepare = (cells: Cells) => {
    for (let thread = 0; thread < threads.length; thread++) claimSlot(cells, map, thread + 1)
    cells.store(map.strikes, strikes)
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

/** The life in which all letters but Q and P record. */
export const life = lives.own
