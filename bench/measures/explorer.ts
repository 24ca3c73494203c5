import { do_not_optimize } from 'mitata'
import { explore } from '../../src/explore/explore.js'
import type { StrategyName } from '../../src/explore/options.js'
import type { Cells } from '../../src/memory/cells.js'
import { monotonicClock } from '../../src/world/clock.js'
import type { Measure } from '../measure.js'
import { ratio, row } from '../row.js'

/** Three threads of eight contended operations: 9,465,511,770 interleavings. */
const INTERLEAVINGS = 9_465_511_770n
const OUTCOMES = 25

function contends(cells: Cells): void {
  for (let time = 0; time < 2; time++) {
    const value = cells.load(0)
    cells.store(0, value + 1)
    cells.compareExchange(1, value, value + 1)
    cells.add(2, 1)
  }
}

export const measures: readonly Measure[] = [measureOf('dpor', 40), measureOf('stateful', 20)]

function measureOf(strategy: StrategyName, atMost: number): Measure {
  return {
    name: `explorer-${strategy}`,
    async run() {
      const calibration = [calibrationMs()]
      const { elapsedMs, traces, states, interleavings, outcomes } = explore({
        cells: 3,
        threads: [contends, contends, contends],
        strategy,
      })
      calibration.push(calibrationMs())
      const right = interleavings === INTERLEAVINGS && outcomes.size === OUTCOMES
      if (!right) throw new Error(`${strategy}: ${interleavings} interleavings and ${outcomes.size} outcomes`)
      const base = (calibration.reduce((sum, ms) => sum + ms, 0) / calibration.length) * 1e3
      return [
        row({
          title: `${strategy}: 9,465,511,770 interleavings as ${(strategy === 'dpor' ? traces : states).toLocaleString('en-US')} ${strategy === 'dpor' ? 'traces' : 'states'}`,
          figures: [
            { name: 'exhausted in', value: elapsedMs * 1e3, unit: 'µs' },
            { name: 'calibration loop', value: base, unit: 'µs' },
          ],
          reading: 'time ÷ (100 million rounds of a hash over 4 KiB)',
          result: ratio(elapsedMs * 1e3, base),
          unit: '×',
          wanted: { atMost },
        }),
      ]
    },
  }
}

/** What this machine does at this moment, in work like that of the explorer: dependent arithmetic on a small table. */
function calibrationMs(): number {
  const table = new Int32Array(1024)
  const began = monotonicClock.nowMs()
  let hash = 1
  for (let round = 0; round < 100_000_000; round++) {
    hash = Math.imul(hash ^ (table[hash & 1023] as number), 0x5bd1e995) ^ (hash >>> 15)
    table[round & 1023] = hash
  }
  do_not_optimize(hash)
  return monotonicClock.nowMs() - began
}
