import { memoryOfNew } from '../../breaker/new-memory.js'
import { Counter, Counters, countsOf } from '../../breaker/threads/counters.js'
import type { Program } from '../../explore/program.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const { cells: fresh, map } = memoryOfNew(
  { name: 'raced', maxThreads: 2, eventCapacity: 16 },
  { clock: { nowMs: () => START_MS } },
)
const ROUND = 2 ** 32
/** One more, and the low half comes round. */
const FULL = 8 * ROUND - 1
/** All other counters, each a number of its own in both halves. */
const OTHERS = {
  error: 3 * ROUND + 30,
  ignored: 4 * ROUND + 40,
  refused: 5 * ROUND + 50,
  stale: 6 * ROUND + 60,
  slow: 70,
}
const ADDED = 3

const counts: Program<Counters>['threads'][number] = (_cells, _call, counters) => {
  for (let time = 0; time < ADDED; time++) counters.add(Counter.success)
}

/** Between the two halves of a carry the count is a round short, and only then. */
const reads: Program<Counters>['threads'][number] = (cells) => {
  const { success, ...others } = countsOf(cells, map, 0)
  const isBetween = success === FULL + 1 - ROUND
  if (!isBetween && (success < FULL || success > FULL + ADDED)) throw new Error(`${success - FULL} were added`)
  expectOthers(others)
  return success - FULL
}

function expectOthers(found: typeof OTHERS): void {
  for (const name of Object.keys(OTHERS) as (keyof typeof OTHERS)[]) {
    if (found[name] !== OTHERS[name]) throw new Error(`${name} is ${found[name]}; it was left at ${OTHERS[name]}`)
  }
}

const carries: RacedCase = {
  name: 'the low half comes round as the count is read',
  effort: 'quick',
  program: {
    cells: map.size,
    initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
    setup: (cells) => {
      const counters = new Counters(cells, map.counters(0))
      for (const [name, total] of Object.entries({ success: FULL, ...OTHERS })) {
        counters.raiseTo(Counter[name as keyof typeof Counter], total)
        counters.raiseTo(Counter[name as keyof typeof Counter], total - 1)
      }
      return (own) => new Counters(own, map.counters(0))
    },
    threads: [counts, reads],
  } satisfies Program<Counters>,
  questions: {
    assertion: {},
    conservation: {
      check(cells) {
        const copy = new PrivateCells(cells.length)
        for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
        const { success, ...others } = countsOf(copy, map, 0)
        if (success !== FULL + ADDED) throw new Error(`${success - FULL} are counted; ${ADDED} were`)
        expectOthers(others)
        const low = new Counters(copy, map.counters(0)).low(Counter.success)
        if (low !== ADDED - 1) throw new Error(`the low half is ${low}; it must be ${ADDED - 1}`)
      },
    },
  },
  how: { nameOfCell: (cell) => cellName(map, cell) },
}

const program: RacedProgram = {
  claim: 'A count that passes 2³² is read whole but for the moment between its halves, and leaves the others alone.',
  cases: () => [carries],
}

export default program
