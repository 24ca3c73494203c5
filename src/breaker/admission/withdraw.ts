import type { Cells } from '../../memory/cells.js'
import type { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { withdrawAges } from './call-ages.js'
import { Leases } from './leases.js'
import { Seats } from './seats.js'

/** Gives back what the thread of a slot, which has ended or detaches, held of the circuit. */
export function withdraw(cells: Cells, map: MemoryMap, words: ControlWords, slot: number): void {
  new Leases(cells, map, words, slot).reclaimOf(slot)
  new Seats(cells, map, slot).reclaimOf(slot)
  withdrawAges(cells, map.condition(slot))
}
