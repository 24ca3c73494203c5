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

const writes: Body<End> = (_cells, _call, { log, thread }) => log.write(recordOf(thread))

/** Writes a record a lap after the first, as if others had written those between. */
const writesLapLater: Body<End> = (cells, _call, { log, thread }) => {
  cells.add(map.head, map.capacity - 1)
  return log.write(recordOf(thread))
}
const reads =
  (position: number, ...allowed: string[]): Body<End> =>
  (_cells, _call, { log }) => {
    const reading = seen(log, position)
    if (!allowed.includes(reading)) throw new Error(`${reading} at ${position}; allowed: ${allowed.join(', ')}`)
  }

function fill(log: AuditLog, times: number): void {
  for (let time = 0; time < times; time++) log.write(recordOf(BEFORE))
}

function copyOf(cells: Cells): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  return copy
}

/**
 * At the end each record is where its thread wrote it, and nowhere else: it can be read unless a later one, or its sleeping writer, is in
 * its place. And those of a whole lap after that can be, whoever has died.
 */
const allTold: Question = {
  check(cells, returned) {
    const log = new AuditLog(copyOf(cells), map)
    for (const [thread, position] of returned.entries()) {
      if (typeof position !== 'number') continue
      const reading = seen(log, position)
      const isOverwritten = log.head - position > map.capacity
      const mayBeMixed = log.head > map.capacity && !isOverwritten
      if (reading === `of ${thread}` || ((isOverwritten || mayBeMixed) && reading === 'lost')) continue
      throw new Error(`at ${position}, where thread ${thread} wrote, is ${reading}`)
    }
    fill(log, map.capacity)
    const later = Array.from({ length: map.capacity }, (_, at) => seen(log, log.head - map.capacity + at))
    if (later.some((reading) => reading !== `of ${BEFORE}`)) throw new Error(`later ones are lost: ${later.join(', ')}`)
  },
}

interface Race {
  readonly name: string
  readonly acts: readonly Body<End>[]
  /** Records that are there before; the threads' own come after. */
  readonly before?: number
  readonly deaths?: number
  /** Default: quick. */
  readonly effort?: Effort
}

const races: readonly Race[] = [
  { name: 'two write', acts: [writes, writes] },
  { name: 'one writes, one reads', acts: [writes, reads(0, 'pending', 'of 0')] },
  {
    name: 'one writes over what another reads',
    acts: [writes, reads(0, `of ${BEFORE}`, 'lost')],
    before: map.capacity,
  },
  { name: 'two write; one may die', acts: [writes, writes], deaths: 1 },
  { name: 'one writes, one a lap later', acts: [writes, writesLapLater] },
  {
    name: 'one writes, one a lap later, one reads that',
    acts: [writes, writesLapLater, reads(map.capacity, 'pending', 'lost', 'of 0', 'of 1')],
    effort: 'default',
  },
]

function programOf({ acts, before = 0, deaths = 0 }: Race): Program<End> {
  return {
    cells: map.end,
    setup: (cells) => {
      initializeAudit(cells, map)
      fill(new AuditLog(cells, map), before)
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
        effort: race.effort ?? 'quick',
        program: programOf(race),
        questions: { conservation: allTold, assertion: {} },
      }),
    ),
}

export default program
