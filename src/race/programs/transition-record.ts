import { isDeepStrictEqual } from 'node:util'
import { ControlWords, State } from '../../breaker/life/control-word.js'
import { type Life, TransitionLog } from '../../breaker/life/transition-log.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import { RECORDS_PER_SLOT } from '../../breaker/storage/memory-map.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const { cells: fresh, map } = memoryOfNew(
  { name: 'raced', maxThreads: 2, eventCapacity: 16 },
  { clock: { nowMs: () => START_MS } },
)
const words = new ControlWords(map.sizes.slots)
/** The slot of the thread that makes all transitions. */
const WRITER = 1
/** The life in force as the threads come: all of the writer's records are taken, and the next takes that of the first. */
const IN_FORCE = RECORDS_PER_SLOT

type Body = Program<TransitionLog>['threads'][number]

/** Each field of each life is a number of its own, also each half of a time, so that no two can be taken for each other. */
function lifeOf(sequence: number): Life {
  const own = sequence * 100
  return {
    life: words.compose(State.open, sequence, WRITER),
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

function expectWhole(found: Life | undefined, sequence: number): void {
  if (found && !isDeepStrictEqual(found, lifeOf(sequence))) {
    throw new Error(`the record of life ${sequence} is torn: ${JSON.stringify(found)}`)
  }
}

const begins: Body = (cells, _call, log) => {
  log.write(lifeOf(IN_FORCE + 1))
  return cells.compareExchange(map.control, lifeOf(IN_FORCE).life, lifeOf(IN_FORCE + 1).life)
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

/** At the end the latest records are there, as far back as there is room. */
function latestAreThere(cells: Cells): void {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  const log = logOf(copy)
  const last = IN_FORCE + 1
  const expected = Array.from({ length: RECORDS_PER_SLOT }, (_, at) => lifeOf(last - RECORDS_PER_SLOT + 1 + at))
  const { life } = log.current()
  const { lives, lost } = log.between(lifeOf(0).life, life.life)
  if (!isDeepStrictEqual(lives, expected)) throw new Error(`the log has ${JSON.stringify(lives)}`)
  if (lost !== 1) throw new Error(`${lost} records are said to be lost; one was written over`)
}

/** Reader and writer take turns twice at most: each way in which the reader finds some fields written over, and others not, is one of many. */
const bounded = { strategy: 'preemption-bounded', preemptions: 2 } as const

const races: readonly { name: string; reader: Body; how?: RacedCase['how'] }[] = [
  { name: 'the oldest is written over as it is read', reader: reads(1), how: bounded },
  { name: 'the next is read as it is written', reader: reads(IN_FORCE + 1) },
  { name: 'the life in force ends as it is looked at', reader: looks },
]

const program: RacedProgram = {
  claim: 'The record of a transition is read whole or not at all, whoever writes over it.',

  cases: () =>
    races.map(
      ({ name, reader, how }): RacedCase => ({
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
          threads: [begins, reader],
        } satisfies Program<TransitionLog>,
        questions: { assertion: {}, 'no-lost-update': { check: latestAreThere } },
        how: { ...how, nameOfCell: (cell) => cellName(map, cell) },
      }),
    ),
}

export default program
