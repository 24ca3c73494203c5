import { loadAmount, replaceAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { IntentCell, type LedgerMap } from './ledger-map.js'

/**
 * What a thread is about to change, noted before it does: which reservation, the number of the change, and what was spent.
 *
 * It is read only when the thread has ended, and only if the reservation that it names is just then being reserved or ended by that slot: the
 * state is written after the intent is whole, and is past before the next intent begins. So a torn intent names nothing.
 */
export interface Intent {
  readonly reservation: number
  readonly sequence: number
  readonly actual: number
}

export class OwnIntent {
  readonly #first: number
  #reservation: number
  #actual: number

  constructor(
    private readonly cells: Cells,
    map: LedgerMap,
    slot: number,
  ) {
    this.#first = map.intent(slot)
    this.#reservation = cells.load(this.#first + IntentCell.reservation)
    this.#actual = loadAmount(cells, this.#first + IntentCell.actual)
  }

  note(reservation: number, sequence: number, actual: number): void {
    if (reservation !== this.#reservation) {
      this.#reservation = reservation
      this.cells.store(this.#first + IntentCell.reservation, reservation)
    }
    this.cells.store(this.#first + IntentCell.sequence, sequence)
    replaceAmount(this.cells, this.#first + IntentCell.actual, this.#actual, actual)
    this.#actual = actual
  }
}

export function intentOf(cells: Cells, map: LedgerMap, slot: number): Intent {
  const first = map.intent(slot)
  return {
    reservation: cells.load(first + IntentCell.reservation),
    sequence: cells.load(first + IntentCell.sequence),
    actual: loadAmount(cells, first + IntentCell.actual),
  }
}
