import type { Spending } from '../ledger-thread.js'
import { ENDLESS, ledgerOf } from '../ledgers.js'
import type { Effort, Measure } from '../measure.js'
import { OriginalBudget } from '../original-budget.js'
import { median, row } from '../row.js'
import { CallingThreads, PAIRS, pairs } from '../throughput.js'

/**
 * How much two threads spend from one budget, against one alone. They do nothing else, so each call meets one of the other's: the
 * figures of the account change hands at every turn. Nobody can do better than one thread here; what is asked is how little is lost.
 *
 * Beside it the same with the whole call in one lock.
 */
const STINTS_A_RUN = 2.5

const entry = new URL('../ledger-thread.js', import.meta.url)

export const measures: readonly Measure[] = [
  {
    name: 'ledger-threads',
    async run({ rounds, turnMs }: Effort) {
      const durationMs = (rounds * turnMs) / STINTS_A_RUN
      const original = OriginalBudget.create([ENDLESS, ENDLESS]).handle
      const threads = new CallingThreads<Spending>(entry, 2, { ledger: ledgerOf(1).handle, original })
      const ours = await pairs(threads, { work: 'ledger', durationMs })
      const locked = await pairs(threads, { work: 'original', durationMs })
      await threads.close()
      return [
        row({
          title: 'throughput of two threads on one budget',
          figures: [
            { name: 'two', value: median(ours.together) / 1000, unit: 'M calls/s' },
            { name: 'one', value: median(ours.alone) / 1000, unit: 'M calls/s' },
            { name: 'one lock, look, then spend: two', value: median(locked.together) / 1000, unit: 'M calls/s' },
            { name: 'one', value: median(locked.alone) / 1000, unit: 'M calls/s' },
          ],
          reading: `two ÷ one, median of ${PAIRS} pairs`,
          result: median(ours.ratios),
          unit: '×',
          wanted: { atLeast: 0.6 },
        }),
      ]
    },
  },
]
