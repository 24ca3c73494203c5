import { isDeepStrictEqual } from 'node:util'
import { ControlWords, State } from '../../breaker/life/control-word.js'
import { type Life, TransitionLog } from '../../breaker/life/transition-log.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import { RECORDS_PER_SLOT } from '../../breaker/storage/memory-map.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const { cells: fresh, map } = memoryOfNew(
  { name: 'raced', maxThreads: 4, eventCapacity: 16 },
  { clock: { nowMs: () => START_MS } },
)
const words = new ControlWords(map.sizes.slots)
/** The slot of the thread that makes all transitions, and of one that would make the next. */
const WRITER = 1
const RIVAL = 2
/** The life in force as the threads come: all of the writer's records are taken, and the next takes that of the first. */
const IN_FORCE = RECORDS_PER_SLOT

type Body = Program<TransitionLog>['threads'][number]

/** Each field of each life is a number of its own, also each half of a time, so that no two can be taken for each other. */
function lifeOf(sequence: number, slot = WRITER): Life {
  const own = sequence * 100 + slot * 20
  return {
    life: words.compose(State.open, sequence, slot),
    previous: words.compose(State.open, sequence - 1, WRITER),
    reason: own + 1,
    beganMs: ((own + 2) * 2 ** 32 + own + 3) / 1000,
    retryAtMs: ((own + 4) * 2 ** 32 + own + 5) / 1000,
    attempt: own + 6,
    configuration: own + 7,
    calls: own + 8,
    failures: own + 9,
    slow: own + 10,
  }
}

function logOf(cells: Cells): TransitionLog {
  return new TransitionLog(cells, map, words)
}

function expectWhole(found: Life | undefined, sequence: number, slot = WRITER): void {
  if (found && !isDeepStrictEqual(found, lifeOf(sequence, slot))) {
    throw new Error(`the record of life ${sequence} is torn: ${JSON.stringify(found)}`)
  }
}

const begins =
  (slot: number): Body =>
  (cells, _call, log) => {
    const next = lifeOf(IN_FORCE + 1, slot)
    log.write(next)
    const { life } = lifeOf(IN_FORCE)
    return cells.compareExchange(map.control, life, next.life) === life ? slot : 'late'
  }

const reads =
  (sequence: number): Body =>
  (_cells, _call, log) => {
    const found = log.read(lifeOf(sequence).life)
    expectWhole(found, sequence)
    return found ? 'read' : 'not there'
  }

const looks: Body = (_cells, _call, log) => {
  const { control, life } = log.current()
  const sequence = words.sequenceOf(control)
  expectWhole(life, sequence)
  return sequence
}

/** The log of a copy, in which one may look around. */
function copiedLog(cells: Cells): TransitionLog {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  return logOf(copy)
}

/** The life in force is the winner's, and what the other proposed is not to be seen in it. */
function winnersIsWhole(cells: Cells, returned: readonly unknown[]): void {
  const [slot, ...others] = returned.filter((one) => one !== 'late')
  if (others.length > 0) throw new Error('two have begun the next life')
  const found = copiedLog(cells).read(cells.load(map.control))
  if (!found) throw new Error('the life in force has no record')
  expectWhole(found, IN_FORCE + 1, Number(slot))
}

/** At the end the latest records are there, as far back as there is room. */
function latestAreThere(cells: Cells): void {
  const log = copiedLog(cells)
  const last = IN_FORCE + 1
  const expected = Array.from({ length: RECORDS_PER_SLOT }, (_, at) => lifeOf(last - RECORDS_PER_SLOT + 1 + at))
  const { life } = log.current()
  const { lives, lost } = log.between(lifeOf(0).life, life.life)
  if (!isDeepStrictEqual(lives, expected)) throw new Error(`the log has ${JSON.stringify(lives)}`)
  if (lost !== 1) throw new Error(`${lost} records are said to be lost; one was written over`)
}

/** Reader and writer take turns twice at most: each way in which the reader finds some fields written over, and others not, is one of many. */
const bounded = { strategy: 'preemption-bounded', preemptions: 2 } as const

type Check = NonNullable<Question['check']>

const races: readonly { name: string; other: Body; check: Check; how?: RacedCase['how'] }[] = [
  { name: 'the oldest is written over as it is read', other: reads(1), check: latestAreThere, how: bounded },
  { name: 'the next is read as it is written', other: reads(IN_FORCE + 1), check: latestAreThere },
  { name: 'the life in force ends as it is looked at', other: looks, check: latestAreThere },
  { name: 'two propose the next', other: begins(RIVAL), check: winnersIsWhole },
]

const program: RacedProgram = {
  claim: 'The record of a transition is read whole or not at all, whoever writes over it.',

  cases: () =>
    races.map(
      ({ name, other, check, how }): RacedCase => ({
        name,
        effort: 'quick',
        program: {
          cells: map.size,
          initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
          setup: (cells) => {
            for (let sequence = 1; sequence <= IN_FORCE; sequence++) logOf(cells).write(lifeOf(sequence))
            cells.store(map.control, lifeOf(IN_FORCE).life)
            return (own) => logOf(own)
          },
          threads: [begins(WRITER), other],
        } satisfies Program<TransitionLog>,
        questions: { assertion: {}, 'no-lost-update': { check } },
        how: { ...how, nameOfCell: (cell) => cellName(map, cell) },
      }),
    ),
}

export default program
