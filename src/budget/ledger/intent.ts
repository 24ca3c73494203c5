import { loadAmount, replaceAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { IntentCell, type LedgerMap } from './ledger-map.js'

/**
 * What a thread is about to change, noted before it does: which reservation, and what was spent.
 *
 * It is read only when the thread has ended, and only if the reservation that it names is just then being reserved or ended by that slot: the
 * state is written after the intent is whole, and is past before the next intent begins. So a torn intent names nothing.
 */
export interface Intent {
  readonly reservation: number
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

  reserving(reservation: number): void {
    if (reservation === this.#reservation) return
    this.#reservation = reservation
    this.cells.store(this.#first + IntentCell.reservation, reservation)
  }

  ending(reservation: number, actual: number): void {
    this.reserving(reservation)
    replaceAmount(this.cells, this.#first + IntentCell.actual, this.#actual, actual)
    this.#actual = actual
  }
}

export function intentOf(cells: Cells, map: LedgerMap, slot: number): Intent {
  const first = map.intent(slot)
  return {
    reservation: cells.load(first + IntentCell.reservation),
    actual: loadAmount(cells, first + IntentCell.actual),
  }
}
