import { doubles, numbers, wider, widerDoubles } from '../../memory/columns.js'

const EMPTY = 0

/**
 * A set of rows of 32-bit numbers, each with a number of its own: which it was, in the order of their coming.
 *
 * Rows are kept whole and compared whole, so two that differ are never taken for one. Zeros at the end of a row don't count:
 * a row may get wider while the set grows.
 */
export class RowTable {
  size = 0
  /** Whether the row that was added last was new. */
  isNew = false
  #slots = numbers(1024)
  #hashes = numbers(1024)
  #starts = doubles(1025)
  #words = numbers(8192)
  #end = 0

  /** The number of the row that is the first `length` words of `row`. */
  add(row: Int32Array, length: number): number {
    let width = length
    while (width > 0 && row[width - 1] === 0) width -= 1
    const hash = hashOf(row, width)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const taken = this.#slots[slot] as number
      if (taken === EMPTY) break
      if (this.#hashes[taken - 1] === hash && this.#equals(taken - 1, row, width)) {
        this.isNew = false
        return taken - 1
      }
      slot = (slot + 1) & mask
    }
    this.isNew = true
    return this.#insert(row, width, hash, slot)
  }

  /** Bytes of the columns. */
  get bytes(): number {
    return (this.#slots.length + this.#hashes.length + this.#words.length) * 4 + this.#starts.length * 8
  }

  #insert(row: Int32Array, width: number, hash: number, slot: number): number {
    const number = this.size++
    if (number >= this.#hashes.length) this.#growRows()
    if (this.#end + width > this.#words.length) this.#growWords(width)
    this.#hashes[number] = hash
    const words = this.#words
    for (let at = 0; at < width; at++) words[this.#end + at] = row[at] as number
    this.#end += width
    this.#starts[number + 1] = this.#end
    this.#slots[slot] = number + 1
    if (this.size * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #equals(number: number, row: Int32Array, width: number): boolean {
    const start = this.#starts[number] as number
    if ((this.#starts[number + 1] as number) - start !== width) return false
    const words = this.#words
    for (let at = 0; at < width; at++) {
      if (words[start + at] !== row[at]) return false
    }
    return true
  }

  #rehash(): void {
    const slots = numbers(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < this.size; number++) {
      let slot = (this.#hashes[number] as number) & mask
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }

  #growRows(): void {
    this.#hashes = wider(this.#hashes)
    this.#starts = widerDoubles(this.#starts, this.#hashes.length + 1)
  }

  #growWords(width: number): void {
    this.#words = wider(this.#words, Math.max(this.#words.length * 2, this.#end + width))
  }
}

/** The mixing steps of MurmurHash3 (Austin Appleby, public domain), word by word. */
function hashOf(row: Int32Array, width: number): number {
  let hash = width
  for (let at = 0; at < width; at++) {
    let word = Math.imul(row[at] as number, 0xcc9e2d51)
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593)
    hash ^= word
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
