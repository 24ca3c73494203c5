import { AtomicCells } from '../../memory/atomic-cells.js'
import { Layout } from '../../memory/layout.js'
import { plainWords } from '../../memory/plain-words.js'
import type { LedgerUnderTestHandle } from '../../spending/ledger-under-test.js'
import { SpendingTally } from '../../spending/tally.js'
import { VirtualClock } from '../../spending/virtual-clock.js'
import type { SpendingPlan } from '../../spending.js'
import type { Gate } from '../gate.js'
import { HISTOGRAM_WORDS } from '../histogram.js'

/** What a worker is given to spend with. */
export interface SpendingHandle {
  readonly buffer: SharedArrayBuffer
  readonly tasks: number
  readonly slots: number
  readonly ledger: LedgerUnderTestHandle
}

/** What all threads of a run share of their spending, beside the ledger: the clock, what each wrote down, how long refusals took. */
export class SpendingMemory {
  readonly tally: SpendingTally
  readonly clock: VirtualClock
  readonly #histograms: number

  constructor(
    readonly buffer: SharedArrayBuffer,
    tasks: number,
    slots: number,
    plan: SpendingPlan,
    gate: Gate,
  ) {
    const map = mapOf(tasks, slots)
    const cells = new AtomicCells(buffer)
    this.tally = new SpendingTally(cells, map.tally, tasks)
    this.clock = new VirtualClock(cells, map.clock, plan.startMs, () => gate.measuredMs())
    this.#histograms = map.histograms
  }

  static allocate(tasks: number, slots: number): SharedArrayBuffer {
    return AtomicCells.allocate(mapOf(tasks, slots).size).buffer
  }

  /** Of refusals, in microseconds; written by the slot's worker alone. */
  histogram(slot: number): Uint32Array {
    return plainWords(this.buffer, this.#histograms + slot * HISTOGRAM_WORDS, HISTOGRAM_WORDS)
  }
}

function mapOf(tasks: number, slots: number) {
  const layout = new Layout()
  const clock = layout.lineOf(2)
  const tally = layout.lineOf(SpendingTally.size(tasks))
  const histograms = layout.lineOf(slots * HISTOGRAM_WORDS)
  return { clock, tally, histograms, size: layout.size }
}
