import type { Cells } from '../../memory/cells.js'
import type { Interned } from './interned.js'
import { Kind, type Operation, WAIT_NOT_EQUAL, WAIT_TIMED_OUT } from './operation.js'

/** Carries an operation out, and gives the number that a prefix of results keeps for what it returned. */
export function performOn(memory: Cells, bigs: Interned<bigint>, operation: Operation): number {
  const { kind, cell, value, expected } = operation
  switch (kind) {
    case Kind.load:
      return memory.load(cell)
    case Kind.store:
      memory.store(cell, value)
      return 0
    case Kind.add:
      return memory.add(cell, value)
    case Kind.sub:
      return memory.sub(cell, value)
    case Kind.exchange:
      return memory.exchange(cell, value)
    case Kind.compareExchange:
      return memory.compareExchange(cell, expected, value)
    case Kind.wait:
      return memory.wait(cell, value, 0) === 'not-equal' ? WAIT_NOT_EQUAL : WAIT_TIMED_OUT
    case Kind.notify:
      return memory.notify(cell, value)
    case Kind.load64:
      return bigs.numberOf(memory.load64(cell))
    case Kind.store64:
      memory.store64(cell, bigs.at(value))
      return 0
    case Kind.add64:
      return bigs.numberOf(memory.add64(cell, bigs.at(value)))
    case Kind.compareExchange64:
      return bigs.numberOf(memory.compareExchange64(cell, bigs.at(expected), bigs.at(value)))
    default:
      return 0
  }
}
