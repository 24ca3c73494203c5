import { do_not_optimize } from 'mitata'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Loop } from '../../src/profiler/turns.js'
import { ACTUAL, ENDLESS, ESTIMATE, expectSpent, ledgerOf } from '../ledgers.js'
import type { Effort, Measure } from '../measure.js'
import { OriginalBudget } from '../original-budget.js'
import { bestOf } from '../rounds.js'
import { type Mark, ratio, row } from '../row.js'

/**
 * What it costs to reserve what a call may cost, and to settle what it did, by one thread alone.
 *
 * The floor is two `compareExchange64` on one word: without reserving no budget can be kept, and a budget of more than 2³¹ takes 64 bits.
 * It keeps one budget, knows no account, no period and no deadline, and what a thread that died had reserved is lost for ever.
 */
interface Case {
  readonly budgets: number
  readonly wanted?: Mark
}

export const measures: readonly Measure[] = [
  measureOf({ budgets: 1, wanted: { atMost: 8 } }),
  ...[2, 4, 8].map((budgets) => measureOf({ budgets })),
]

function measureOf({ budgets, wanted }: Case): Measure {
  return {
    name: `ledger-${budgets}`,
    async run(effort: Effort) {
      const account = ledgerOf(budgets).account()
      let calls = 0
      const reserveAndSettle: Loop = (times) => {
        for (let call = 0; call < times; call++) account.settle(account.reserve(ESTIMATE), ACTUAL)
        calls += times
      }
      const best = await bestOf({ reserveAndSettle, twoExchanges: twoExchanges(), original: originalLoop() }, effort)
      expectSpent(account, calls)
      return [
        row({
          title: `reserve and settle, ${budgets === 1 ? 'one budget' : `${budgets} budgets`}`,
          figures: [
            { name: 'both', value: best.reserveAndSettle, unit: 'ns' },
            { name: 'two compareExchange64', value: best.twoExchanges, unit: 'ns' },
            { name: 'one lock, look, then spend', value: best.original, unit: 'ns' },
          ],
          reading: 'both ÷ two compareExchange64',
          result: ratio(best.reserveAndSettle, best.twoExchanges),
          unit: '×',
          ...(wanted && { wanted }),
        }),
      ]
    },
  }
}

/** A thread that is alone knows what the word holds: it need not load it. */
function twoExchanges(): Loop {
  const cells = AtomicCells.allocate(64)
  const limit = BigInt(ENDLESS)
  const estimate = BigInt(ESTIMATE)
  const unspent = BigInt(ESTIMATE - ACTUAL)
  let committed = 0n
  return (times) => {
    let refused = 0
    for (let call = 0; call < times; call++) {
      const reserved = committed + estimate
      if (reserved > limit || cells.compareExchange64(0, committed, reserved) !== committed) refused += 1
      committed = reserved - unspent
      if (cells.compareExchange64(0, reserved, committed) !== reserved) refused += 1
    }
    if (refused > 0) throw new Error('nobody else writes this word')
  }
}

function originalLoop(): Loop {
  const budget = OriginalBudget.create([ENDLESS, ENDLESS])
  const call = () => ACTUAL
  return (times) => {
    let made = false
    for (let turn = 0; turn < times; turn++) made = budget.spend(ESTIMATE, call)
    do_not_optimize(made)
  }
}
