import { releaseEnded } from '../../breaker/admission/release.js'
import { isDemanded } from '../../breaker/events/demand.js'
import { EventLog } from '../../breaker/events/event-log.js'
import { beginningIn } from '../../breaker/life/open-wait.js'
import { resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { initializeRegion } from '../../breaker/storage/region.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const KIND = 3
/** From here on a position, as a thread says which it writes, is less than 0. */
const HALF_OF_POSITIONS = 2 ** 28

/** A log of four events, so that positions soon come round. */
const { configuration, initialState, sizes } = resolveOptions({ name: 'raced', maxThreads: 4 })
const map = new MemoryMap(0, { ...sizes, events: 4 })
const fresh = new PrivateCells(map.size)
initializeRegion(fresh, map, configuration, beginningIn(initialState, configuration, START_MS))

type End = { readonly log: EventLog; readonly thread: number; readonly head: number }

const emits =
  (times: number): Body<End> =>
  (_cells, _call, { log, thread }) => {
    tell(log, thread, times)
    return 'told'
  }

/** Reads what was told since the head was there, or from so many positions before. None is lost, unless it may be. */
const reads =
  (positions: number, { before = 0, mayLose = false } = {}): Body<End> =>
  (_cells, _call, { log, head }) =>
    Array.from({ length: positions }, (_, at) => {
      const position = (head - before + at) | 0
      if (((log.head - position) | 0) <= 0) return 'not yet'
      const event = seen(log, position)
      if (event === 'lost' && !mayLose) throw new Error(`the event of position ${position} is given up, and comes`)
      return event
    })

/** Then reads the newest position. */
const emitsAndReads =
  (times: number): Body<End> =>
  (_cells, _call, { log, thread }) => {
    tell(log, thread, times)
    const position = log.head - 1
    return { position, event: seen(log, position) }
  }

const wants: Body<End> = (cells, _call, { log }) => {
  log.want()
  if (!isDemanded(cells, map)) throw new Error('wants events, and nobody is to tell them')
  return 'wants'
}
const comesAndGoes: Body<End> = (_cells, _call, { log }) => {
  log.want()
  log.unwant()
  return 'gone'
}

/** An event of a thread tells its thread in every field, so that one torn between two is seen. */
function tell(log: EventLog, thread: number, times: number): void {
  for (let time = 0; time < times; time++) log.emit(KIND, mark(thread), mark(thread), durationOf(thread) ?? -1)
}

function mark(thread: number): number {
  return thread + 1
}

/** One thread doesn't know how long its calls took. */
function durationOf(thread: number): number | undefined {
  return thread === 1 ? undefined : mark(thread)
}

function seen(log: EventLog, position: number): string {
  const event = log.read(position)
  if (event === 'pending' || event === 'lost') return event
  const { kind, slot, life, atMs, durationMs } = event
  if (kind !== KIND || life !== slot + 1 || atMs !== life || durationMs !== durationOf(slot)) {
    throw new Error(`a torn event: ${JSON.stringify(event)}`)
  }
  return `of ${slot}`
}

/** The last slot tells what was told before. */
const BEFORE = 3
/** Threads that come after those of the program. */
const NEXT = 9

function programOf({ acts, deaths = 0, head = 0, before = 0 }: Race): Program<End> {
  return {
    cells: map.size,
    initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
    setup: (cells) => {
      for (let thread = 0; thread < acts.length; thread++) claimSlot(cells, map, thread + 1)
      cells.store(map.eventHead, head - before)
      tell(new EventLog(cells, map, BEFORE), BEFORE, before)
      return (own, { thread }) => ({ log: new EventLog(own, map, thread), thread, head })
    },
    threads: acts,
    deaths,
  }
}

function copyOf(cells: Cells, returned: readonly unknown[]): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  // A thread that ended before it took a position has told nothing; its slot is released when its end is seen, and is another's then.
  for (const [thread, result] of returned.entries()) {
    if (result !== undefined) continue
    releaseEnded(copy, map, thread + 1)
    claimSlot(copy, map, NEXT + thread)
  }
  return copy
}

/** What can be read at the end of the last so many positions; nothing is pending any more. */
function foundIn(log: EventLog, positions: number): string[] {
  const found = Array.from({ length: positions }, (_, at) => seen(log, (log.head - positions + at) | 0))
  if (found.includes('pending')) throw new Error('an event is to come, of a thread that is over')
  return found
}

/** At the end every event that was told can be read, once; and so can those that come after them, whoever has died. */
function allTold(writers: number, eventsEach: number, head = 0): Question {
  return {
    check(cells, returned) {
      const log = new EventLog(copyOf(cells, returned), map, BEFORE)
      const found = foundIn(log, log.head - head)
      for (let thread = 0; thread < writers; thread++) {
        const own = found.filter((event) => event === `of ${thread}`).length
        if (returned[thread] === 'told' && own !== eventsEach) {
          throw new Error(`thread ${thread} told of ${eventsEach} events, ${own} can be read: ${found.join(', ')}`)
        }
      }
      tell(log, BEFORE, log.capacity)
      const later = foundIn(log, log.capacity)
      if (later.some((event) => event !== `of ${BEFORE}`)) throw new Error(`later events are lost: ${later.join(', ')}`)
    },
  }
}

function isReading(returned: unknown): returned is { position: number; event: string } {
  return typeof returned === 'object' && returned !== null && 'position' in returned
}

/** Where positions come round, events are lost, but what can be read is whole, and stays until it is a lap behind. */
const noneTorn: Question = {
  check(cells, returned) {
    const log = new EventLog(copyOf(cells, returned), map, BEFORE)
    const found = foundIn(log, log.head)
    for (const { position, event } of returned.filter(isReading)) {
      if (!event.startsWith('of') || position < log.head - log.capacity || event === found[position]) continue
      throw new Error(`the event of position ${position} was ${event}, and is ${found[position]}`)
    }
  },
}

/** The demand says whether anybody wants every call, whoever has died. */
function demands(isWanted: (returned: readonly unknown[]) => boolean): Question {
  return {
    check(cells, returned) {
      const wanted = isWanted(returned)
      const copy = copyOf(cells, returned)
      // One more comes and goes, and looks at what all slots say.
      const log = new EventLog(copy, map, BEFORE)
      log.want()
      log.unwant()
      const says = isDemanded(copy, map)
      if (says !== wanted)
        throw new Error(says ? 'nobody wants events, and they are told' : 'somebody waits for events in vain')
    },
  }
}

function byAny(returned: readonly unknown[]): boolean {
  return returned.includes('wants')
}

interface Race {
  readonly name: string
  readonly acts: readonly Body<End>[]
  readonly deaths?: number
  /** The head as the threads find it; and how many events before it can be read. */
  readonly head?: number
  readonly before?: number
  readonly questions: RacedCase['questions']
  readonly effort: Effort
}

const races: readonly Race[] = [
  {
    name: 'two tell, one listens',
    acts: [emits(1), emits(1), reads(2)],
    questions: { conservation: allTold(2, 1), assertion: {} },
    effort: 'default',
  },
  {
    name: 'one tells twice, one listens, as positions begin anew',
    acts: [emits(2), reads(2)],
    head: -1,
    questions: { conservation: allTold(1, 2, -1), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'one tells, one listens, as positions begin anew in the words of who tells',
    acts: [emits(1), reads(1)],
    head: HALF_OF_POSITIONS,
    questions: { conservation: allTold(1, 1, HALF_OF_POSITIONS), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'one is told over as another reads it',
    acts: [emits(1), reads(1, { before: 4, mayLose: true })],
    head: 4,
    before: 4,
    questions: { conservation: noneTorn, assertion: {} },
    effort: 'quick',
  },
  {
    name: 'two tell twice',
    acts: [emits(2), emits(2)],
    questions: { conservation: allTold(2, 2), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'two tell, a lap apart',
    acts: [emits(1), emitsAndReads(4)],
    questions: { conservation: noneTorn, assertion: {} },
    effort: 'quick',
  },
  {
    name: 'two tell; one may die',
    acts: [emits(1), emits(1)],
    deaths: 1,
    questions: { conservation: allTold(2, 1), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'one wants events as another comes and goes; one may die',
    acts: [wants, comesAndGoes],
    deaths: 1,
    questions: { conservation: demands(byAny) },
    effort: 'quick',
  },
  {
    name: 'one wants events as another goes',
    acts: [wants, comesAndGoes],
    questions: { conservation: demands(byAny), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'two come and go',
    acts: [comesAndGoes, comesAndGoes],
    questions: { conservation: demands(byAny) },
    effort: 'quick',
  },
  {
    name: 'one wants events as two come and go',
    acts: [wants, comesAndGoes, comesAndGoes],
    questions: { conservation: demands(byAny), assertion: {} },
    effort: 'quick',
  },
]

const program: RacedProgram = {
  claim:
    'Events of all threads come out of the log whole, each once; and calls are told of exactly while somebody wants them.',

  cases: () =>
    races.map(
      (race): RacedCase => ({
        name: race.name,
        effort: race.effort,
        program: programOf(race),
        questions: race.questions,
        how: { nameOfCell: (cell) => cellName(map, cell) },
      }),
    ),
}

export default program
