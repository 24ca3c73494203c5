import type { Cells } from '../../memory/cells.js'

/**
 * The last actual costs of an operation, over all threads.
 *
 * Map. Two heads: how many costs were begun, and how many written. A ring of cells, one cost each: bit 31 says that there is one, bits 25–30
 * are an exponent, bits 0–24 the number that it multiplies. 0: there is none yet.
 *
 * Protocol. Add: 1 to begun, which gives the place; store the cost; 1 to written. Read: written, then all cells; while written says
 * the same, what was made of them is good.
 *
 * Why safe. A cost is one cell, so none is torn. A thread that dies between its steps leaves an older cost where its own would be,
 * and no count is wrong: how many there are is seen from the cells. A cost is stored before it counts as written, so who
 * remembers a result by that number forgets it with the next cost. Breaks if a cost were two words: halves of two costs are a third.
 *
 * Limits. Costs above 33.554431 of the currency are kept to 25 bits, one part in 33 million. At a moment when threads add, the oldest may be
 * gone before the newest is there. Places are off once, every 2³² costs, if the size is no power of two.
 */
export const HistoryField = { begun: 0, written: 1 } as const

const IS_COST = 1 << 31
const NUMBER_BITS = 25
const NUMBERS = 2 ** NUMBER_BITS
const EXPONENT_MASK = 63

export interface CostSummary {
  /** How many costs are remembered. */
  readonly count: number
  /** Their mean and one standard deviation (of a sample), in micro-units, rounded up. */
  readonly amount: number
}

export class CostHistory {
  #summary: CostSummary = { count: 0, amount: 0 }
  #madeAt = 0

  constructor(
    private readonly cells: Cells,
    private readonly heads: number,
    private readonly costs: number,
    private readonly size: number,
  ) {}

  /** `cost`: whole micro-units, 0 to 2⁵³ − 1. */
  add(cost: number): void {
    const { cells } = this
    const place = (cells.add(this.heads + HistoryField.begun, 1) >>> 0) % this.size
    cells.store(this.costs + place, packCost(cost))
    cells.add(this.heads + HistoryField.written, 1)
  }

  summary(): CostSummary {
    const written = this.cells.load(this.heads + HistoryField.written)
    if (written !== this.#madeAt) {
      this.#summary = summaryOf(this.#all())
      this.#madeAt = written
    }
    return this.#summary
  }

  #all(): number[] {
    const all: number[] = []
    for (let place = 0; place < this.size; place++) {
      const packed = this.cells.load(this.costs + place)
      if (packed !== 0) all.push(unpackCost(packed))
    }
    return all
  }
}

function summaryOf(costs: readonly number[]): CostSummary {
  const count = costs.length
  if (count === 0) return { count, amount: 0 }
  const mean = sumOf(costs) / count
  const squares = sumOf(costs.map((cost) => (cost - mean) ** 2))
  const deviation = count === 1 ? 0 : Math.sqrt(squares / (count - 1))
  return { count, amount: Math.min(Math.ceil(mean + deviation), Number.MAX_SAFE_INTEGER) }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function packCost(cost: number): number {
  let exponent = Math.max(0, Math.floor(Math.log2(cost)) + 1 - NUMBER_BITS)
  // The logarithm may be rounded over a power of two, and so may the number.
  if (Math.round(cost / 2 ** exponent) >= NUMBERS) exponent += 1
  return IS_COST | (exponent << NUMBER_BITS) | Math.round(cost / 2 ** exponent)
}

function unpackCost(packed: number): number {
  return (packed & (NUMBERS - 1)) * 2 ** ((packed >>> NUMBER_BITS) & EXPONENT_MASK)
}
