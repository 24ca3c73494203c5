import { LedgerMap } from '../../budget/ledger/ledger-map.js'
import { initializeAccount } from '../../budget/ledger/ledger-region.js'
import { type BudgetShape, RecordShape } from '../../budget/ledger/record.js'
import { SharedAccount } from '../../budget/ledger/shared-account.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedProgram } from '../raced-program.js'

const budget: BudgetShape = {
  period: { buckets: 1, indexAt: () => 0, startOf: () => 0, endOf: () => Number.POSITIVE_INFINITY },
  blocking: true,
  opening: 1000,
}
const shape = new RecordShape([budget, budget])
const [YES, NO] = [1, 2]
/** With the lowest bit of the number of the change that a thread is about to make. */
const ANNOUNCED = 2

interface Side {
  readonly shared: SharedAccount
  readonly thread: number
}

/** A thread that changes nothing looks: what it reads of two budgets that always change together is the same. */
function looks(shared: SharedAccount): void {
  shared.read()
  const [one, other] = [0, 1].map((at) => shape.committed(shared.values, at))
  if (one !== other) throw new Error(`${one} of one budget is committed, and ${other} of the other`)
}

/** Each thread adds its own amount, 1, 10 or 100, once or more; who sees one die asks whether the change that it was about took place. */
function programOf(changes: readonly number[]): { program: Program<Side>; map: LedgerMap } {
  const slots = 2 ** Math.ceil(Math.log2(changes.length + 1))
  const map = new LedgerMap({ slots, accounts: 1, reservations: 4, amounts: shape.amounts })
  const noted = (thread: number) => map.size + thread
  return {
    map,
    program: {
      cells: map.size + changes.length + 1,
      setup: (cells) => {
        initializeAccount(cells, map, 0, shape.initial(0))
        return (own, { thread }) => ({ shared: new SharedAccount(own, map, 0, thread, shape.often), thread })
      },
      threads: changes.map((times) => (cells: Cells, _call: unknown, { shared, thread }: Side) => {
        if (times === 0) looks(shared)
        for (let time = 0; time < times; time++) {
          cells.store(noted(thread), ANNOUNCED | (shared.nextSequence & 1))
          do {
            shared.read()
            shape.reserve(shared.values, 10 ** thread)
          } while (!shared.publish())
        }
        return times
      }),
      deaths: 1,
      onDeath: (cells, _call, { shared }, dead) => {
        const note = cells.load(noted(dead))
        const took = note !== 0 && shared.published(dead, note & 1)
        cells.store(noted(changes.length), took ? YES : NO)
      },
    },
  }
}

/** All changes that ended are in the record, and what was said of the one that did not is so. */
function told(map: LedgerMap, changes: readonly number[]): Question {
  return {
    check(cells, returned) {
      const shared = new SharedAccount(cells, map, 0, 0, shape.often)
      shared.read()
      const committed = shape.committed(shared.values, 0)
      const added = changes.map((_, thread) => Math.floor(committed / 10 ** thread) % 10)
      const dead = returned.indexOf(undefined)
      added.forEach((times, thread) => {
        if (thread !== dead && times !== changes[thread])
          throw new Error(`${times} changes of thread ${thread} took place`)
      })
      if (dead < 0) return
      const note = cells.load(map.size + dead)
      const took = note !== 0 && (added[dead] as number) % 2 === (note & 1) ? YES : NO
      const answer = cells.load(map.size + changes.length)
      if (answer !== 0 && answer !== took)
        throw new Error(`it is said that the change ${answer === YES ? 'took' : 'did not take'} place`)
    },
  }
}

const cases: readonly { changes: readonly number[]; effort: Effort }[] = [
  { changes: [1, 1], effort: 'quick' },
  { changes: [2, 1], effort: 'quick' },
  { changes: [3, 0], effort: 'quick' },
  { changes: [2, 2], effort: 'default' },
  { changes: [1, 1, 1], effort: 'default' },
  { changes: [2, 1, 1], effort: 'deep' },
]

const program: RacedProgram = {
  claim: 'A change of an account is not lost, and whether a dead thread made its last one can be told.',

  cases: () =>
    cases.map(({ changes, effort }) => {
      const { program: raced, map } = programOf(changes)
      return {
        name: `${changes.map((times) => (times === 0 ? 'one that looks' : `${times} changes`)).join(', ')}; one may die`,
        effort,
        program: raced,
        questions: { assertion: {}, conservation: told(map, changes) },
      }
    }),
}

export default program
