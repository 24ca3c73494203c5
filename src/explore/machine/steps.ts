import { bytes, numbers, wider, widerBytes } from '../../memory/columns.js'

/** The steps of the execution under way, in columns: each is a row, at its depth. */
export class Steps {
  /** How many steps were made. */
  depth = 0
  choice = numbers(1024)
  /** Where in the result trie the thread was before. */
  stepNode = numbers(1024)
  /** Which cell it touched, and how; −1: none. */
  cell = numbers(1024)
  access = bytes(1024)
  result = numbers(1024)
  /** A second cell: the other half of a 64-bit operation, or the waiters' queue of a cell; −1: none. */
  otherCell = numbers(1024)
  otherAccess = bytes(1024)
  /** What the cells held before, if they were written. */
  before = numbers(1024)
  otherBefore = numbers(1024)

  /** The choices made so far. */
  schedule(): number[] {
    return Array.from(this.choice.subarray(0, this.depth))
  }

  protected grow(): void {
    this.choice = wider(this.choice)
    this.stepNode = wider(this.stepNode)
    this.cell = wider(this.cell)
    this.result = wider(this.result)
    this.otherCell = wider(this.otherCell)
    this.before = wider(this.before)
    this.otherBefore = wider(this.otherBefore)
    this.access = widerBytes(this.access)
    this.otherAccess = widerBytes(this.otherAccess)
  }
}
