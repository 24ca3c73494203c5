import type { Cells } from '../../memory/cells.js'

/**
 * How far estimates of an operation were off, over all threads.
 *
 * Map. Three words of 64 bits that only grow or are added to: estimates judged; the sum of their errors without sign; with sign;
 * both in millionths of the actual cost. One cell: costs of 0, of which no error is a percentage.
 *
 * Protocol. Add to each in turn. Read: the number first, then the sums.
 *
 * Why safe. Each addition is one operation, so none is lost. A thread that dies between them leaves one error out of one sum, and a
 * reader between them sees a mean that is off by one estimate's part: this informs, nothing is decided by it.
 *
 * Limits. An error counts for 100,000 % at most, so that the sums hold 9 billion of the worst.
 */
const Field = { judged: 0, absolute: 2, signed: 4, free: 6 } as const

const UNITS = 1_000_000
const ERROR_MAX = 1000

export interface Accuracy {
  /** How many estimates were judged by what the call then cost. */
  readonly estimates: number
  /** Mean of |estimate − cost| ÷ cost, in percent (MAPE); undefined of none. */
  readonly meanAbsolutePercentageError: number | undefined
  /** Mean of (estimate − cost) ÷ cost, in percent: above 0, estimates are too high. Undefined of none. */
  readonly biasPercent: number | undefined
  /** Calls that cost nothing, which can't be judged so. */
  readonly costsOfNothing: number
}

export class AccuracyRecord {
  constructor(
    private readonly cells: Cells,
    private readonly first: number,
  ) {}

  add(estimate: number, cost: number): void {
    const { cells, first } = this
    if (cost === 0) {
      cells.add(first + Field.free, 1)
      return
    }
    const error = Math.round(Math.min((estimate - cost) / cost, ERROR_MAX) * UNITS)
    cells.add64(first + Field.absolute, BigInt(Math.abs(error)))
    cells.add64(first + Field.signed, BigInt(error))
    cells.add64(first + Field.judged, 1n)
  }

  read(): Accuracy {
    const { cells, first } = this
    const estimates = Number(cells.load64(first + Field.judged))
    const percent = (field: number) => (Number(cells.load64(first + field)) / UNITS / estimates) * 100
    return {
      estimates,
      meanAbsolutePercentageError: estimates === 0 ? undefined : percent(Field.absolute),
      biasPercent: estimates === 0 ? undefined : percent(Field.signed),
      costsOfNothing: cells.load(first + Field.free),
    }
  }
}
