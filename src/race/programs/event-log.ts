import { releaseEnded } from '../../breaker/admission/release.js'
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

/** A log of four events, so that positions soon come round. */
const { configuration, initialState, sizes } = resolveOptions({ name: 'raced', maxThreads: 4 })
const map = new MemoryMap(0, { ...sizes, events: 4 })
const fresh = new PrivateCells(map.size)
initializeRegion(fresh, map, configuration, beginningIn(initialState, configuration, START_MS))

type End = { readonly log: EventLog; readonly thread: number }

/** An event of a thread tells its thread in every field, so that one torn between two is seen. */
const emits =
  (times: number): Body<End> =>
  (_cells, _call, { log, thread }) => {
    for (let time = 0; time < times; time++) log.emit(KIND, mark(thread), mark(thread), mark(thread))
    return 'told'
  }

const reads =
  (positions: number): Body<End> =>
  (_cells, _call, { log }) =>
    Array.from({ length: positions }, (_, at) => (log.head > at ? seen(log, at) : 'not yet'))

const wants: Body<End> = (cells, _call, { log }) => {
  log.want()
  if (cells.load(map.demand) === 0) throw new Error('wants events, and nobody is to tell them')
}
const comesAndGoes: Body<End> = (_cells, _call, { log }) => {
  log.want()
  log.unwant()
}

function mark(thread: number): number {
  return thread + 1
}

function seen(log: EventLog, position: number): string {
  const event = log.read(position)
  if (event === 'pending' || event === 'lost') return event
  const { kind, slot, life, atMs, durationMs } = event
  if (kind !== KIND || life !== slot + 1 || atMs !== life || durationMs !== life) {
    throw new Error(`a torn event: ${JSON.stringify(event)}`)
  }
  return `of ${slot}`
}

function programOf(bodies: readonly Body<End>[], deaths: number): Program<End> {
  return {
    cells: map.size,
    initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
    setup: (cells) => {
      for (let thread = 0; thread < bodies.length; thread++) claimSlot(cells, map, thread + 1)
      return (own, { thread }) => ({ log: new EventLog(own, map, thread), thread })
    },
    threads: bodies,
    deaths,
  }
}

function copyOf(cells: Cells, returned: readonly unknown[]): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  // A thread that ended before it took a position has told nothing; its slot is released when its end is seen.
  for (const [thread, result] of returned.entries()) if (result === undefined) releaseEnded(copy, map, thread + 1)
  return copy
}

/** At the end every event that was told can be read, once; nothing is pending any more. */
function allTold(writers: number, eventsEach: number): Question {
  return {
    check(cells, returned) {
      const copy = copyOf(cells, returned)
      const log = new EventLog(copy, map, 3)
      const found = Array.from({ length: log.head }, (_, at) => seen(log, at))
      if (found.includes('pending')) throw new Error('an event is to come, of a thread that is over')
      for (let thread = 0; thread < writers; thread++) {
        const own = found.filter((event) => event === `of ${thread}`).length
        if (returned[thread] === 'told' && own !== eventsEach) {
          throw new Error(`thread ${thread} told of ${eventsEach} events, ${own} can be read: ${found.join(', ')}`)
        }
      }
    },
  }
}

/** Where positions come round, events are lost, but what can be read is whole, and the latest is there. */
const noneTorn: Question = {
  check(cells, returned) {
    const log = new EventLog(copyOf(cells, returned), map, 3)
    const found = Array.from({ length: log.head }, (_, at) => seen(log, at))
    if (found.includes('pending')) throw new Error('an event is to come, of a thread that is over')
  },
}

/** The demand says whether anybody wants every call. */
function demands(wanted: boolean): Question {
  return {
    check(cells) {
      const says = cells.load(map.demand) !== 0
      if (says !== wanted)
        throw new Error(says ? 'nobody wants events, and they are told' : 'somebody waits for events in vain')
    },
  }
}

const races: readonly {
  name: string
  acts: Body<End>[]
  deaths?: number
  questions: RacedCase['questions']
  effort: Effort
}[] = [
  {
    name: 'two tell, one listens',
    acts: [emits(1), emits(1), reads(2)],
    questions: { conservation: allTold(2, 1), assertion: {} },
    effort: 'default',
  },
  {
    name: 'one tells twice, one listens',
    acts: [emits(2), reads(2)],
    questions: { conservation: allTold(1, 2), assertion: {} },
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
    acts: [emits(1), emits(5)],
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
    name: 'one wants events as another goes',
    acts: [wants, comesAndGoes],
    questions: { conservation: demands(true), assertion: {} },
    effort: 'quick',
  },
  {
    name: 'two come and go',
    acts: [comesAndGoes, comesAndGoes],
    questions: { conservation: demands(false) },
    effort: 'quick',
  },
  {
    name: 'one wants events as two come and go',
    acts: [wants, comesAndGoes, comesAndGoes],
    questions: { conservation: demands(true), assertion: {} },
    effort: 'default',
  },
]

const program: RacedProgram = {
  claim:
    'Events of all threads come out of the log whole, each once; and calls are told of exactly while somebody wants them.',

  cases: () =>
    races.map(
      ({ name, acts, deaths = 0, questions, effort }): RacedCase => ({
        name,
        effort,
        program: programOf(acts, deaths),
        questions,
        how: { nameOfCell: (cell) => cellName(map, cell) },
      }),
    ),
}

export default program
