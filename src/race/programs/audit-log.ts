import { AuditLog } from '../../budget/audit/audit-log.js'
import { AuditMap, initializeAudit } from '../../budget/audit/audit-map.js'
import type { AuditRecord } from '../../budget/audit/audit-record.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'

/** The smallest ring that there is. */
const map = new AuditMap(0, 16)
const BEFORE = 7

type End = { readonly log: AuditLog; readonly thread: number }

/** A record of a thread tells its thread in every field, so that one torn between two is seen. */
function recordOf(thread: number): AuditRecord {
  const mark = thread + 1
  const decision = thread % 2 === 0 ? 'allowed' : 'refused'
  return {
    atMs: mark,
    thread,
    account: mark,
    operation: mark,
    rule: mark,
    amount: mark * 2 ** 33,
    decision,
    reason: thread % 2 === 0 ? 'none' : 'budget',
  }
}

function seen(log: AuditLog, position: number): string {
  const reading = log.read(position)
  if (typeof reading === 'string') return reading
  if (JSON.stringify(reading) !== JSON.stringify(recordOf(reading.thread))) {
    throw new Error(`a torn record: ${JSON.stringify(reading)}`)
  }
  return `of ${reading.thread}`
}

function tell(log: AuditLog, thread: number, times: number): void {
  for (let time = 0; time < times; time++) log.write(recordOf(thread))
}

const writes =
  (times: number): Body<End> =>
  (_cells, _call, { log, thread }) => {
    tell(log, thread, times)
    return 'told'
  }
/** Writes a record a lap after the first, as if others had written those between. */
const writesLapLater: Body<End> = (cells, _call, { log, thread }) => {
  cells.add(map.head, map.capacity - 1)
  tell(log, thread, 1)
  return 'told'
}
/** Reads one position, which may be pending; what was once read whole, or lost, is told. */
const reads =
  (position: number): Body<End> =>
  (_cells, _call, { log }) =>
    seen(log, position)

function copyOf(cells: Cells): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  return copy
}

/** At the end each record of the last lap can be read, unless its writer is dead or was a lap behind; and so can a whole lap after that. */
function allTold(writers: number, from: number): Question {
  return {
    check(cells, returned) {
      const log = new AuditLog(copyOf(cells), map)
      const taken = log.head - from
      const found = Array.from({ length: taken }, (_, at) => seen(log, from + at))
      for (let thread = 0; thread < writers; thread++) {
        const own = found.filter((reading) => reading === `of ${thread}`).length
        if (returned[thread] === 'told' && taken <= map.capacity && own !== 1) {
          throw new Error(`thread ${thread} told one record, ${own} can be read: ${found.join(', ')}`)
        }
      }
      tell(log, BEFORE, map.capacity)
      const later = Array.from({ length: map.capacity }, (_, at) => seen(log, log.head - map.capacity + at))
      if (later.some((reading) => reading !== `of ${BEFORE}`))
        throw new Error(`later ones are lost: ${later.join(', ')}`)
    },
  }
}

interface Race {
  readonly name: string
  readonly acts: readonly Body<End>[]
  /** Records that are there before; the threads' own come after. */
  readonly before?: number
  readonly deaths?: number
  readonly writers: number
  readonly effort: Effort
}

const races: readonly Race[] = [
  { name: 'two write', acts: [writes(1), writes(1)], writers: 2, effort: 'quick' },
  { name: 'one writes, one reads', acts: [writes(1), reads(0)], writers: 1, effort: 'quick' },
  {
    name: 'one writes over what another reads',
    acts: [writes(1), reads(0)],
    before: map.capacity,
    writers: 1,
    effort: 'quick',
  },
  { name: 'two write; one may die', acts: [writes(1), writes(1)], writers: 2, deaths: 1, effort: 'quick' },
  { name: 'one writes, one a lap later', acts: [writes(1), writesLapLater], writers: 2, effort: 'quick' },
  {
    name: 'one writes, one a lap later, one reads that',
    acts: [writes(1), writesLapLater, reads(map.capacity)],
    writers: 2,
    effort: 'quick',
  },
]

function programOf({ acts, before = 0, deaths = 0 }: Race): Program<End> {
  return {
    cells: map.end,
    setup: (cells) => {
      initializeAudit(cells, map)
      tell(new AuditLog(cells, map), BEFORE, before)
      return (own, { thread }) => ({ log: new AuditLog(own, map), thread })
    },
    threads: acts,
    deaths,
  }
}

const program: RacedProgram = {
  claim: 'Records of all threads come out of the audit whole, and a thread that dies while it writes holds none up.',

  cases: () =>
    races.map(
      (race): RacedCase => ({
        name: race.name,
        effort: race.effort,
        program: programOf(race),
        questions: { conservation: allTold(race.writers, race.before ?? 0), assertion: {} },
      }),
    ),
}

export default program
