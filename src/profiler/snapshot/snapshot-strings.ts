import { numbers, wider } from '../../memory/columns.js'
import type { FileCursor } from './file-cursor.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACKET = 0x5b
const SPACE = 0x20

/**
 * The strings of a snapshot, as the file's own bytes. A heap of strings would else be in memory a second time; most of
 * them nobody ever looks at, as V8 keeps each once and two of one text have one index.
 */
export class SnapshotStrings {
  readonly #bytes: Buffer
  /** String `i` lies between its quotes from `#starts[i]` up to `#ends[i]`. */
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #decoded = new Map<number, string>()

  constructor(
    text: Buffer,
    starts: Int32Array,
    ends: Int32Array,
    readonly count: number,
  ) {
    this.#bytes = text
    this.#starts = starts
    this.#ends = ends
  }

  /** The string of an index; of an index that there is not, nothing. Those asked for are kept. */
  at(index: number): string {
    const kept = this.#decoded.get(index)
    if (kept !== undefined) return kept
    const text = this.#decode(index)
    this.#decoded.set(index, text)
    return text
  }

  /** The index of a text, -1 if no node or edge has it. Looks at them all. */
  indexOf(text: string): number {
    const wanted = Buffer.from(JSON.stringify(text).slice(1, -1))
    for (let index = 0; index < this.count; index++) {
      const start = this.#starts[index] as number
      const end = this.#ends[index] as number
      if (end - start === wanted.length && this.#bytes.compare(wanted, 0, wanted.length, start, end) === 0) return index
    }
    return -1
  }

  /** The indices of all strings that have a text in them. */
  indicesWith(part: string): number[] {
    const found: number[] = []
    let index = 0
    for (let at = this.#bytes.indexOf(part); at >= 0; at = this.#bytes.indexOf(part, this.#ends[index])) {
      while (index < this.count && (this.#ends[index] as number) <= at) index++
      if (index === this.count) break
      found.push(index)
    }
    return found
  }

  #decode(index: number): string {
    if (index < 0 || index >= this.count) return ''
    const raw = this.#bytes.toString('utf8', this.#starts[index], this.#ends[index])
    return raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw
  }
}

/**
 * Reads the array of strings that the cursor stands before. It is the last thing in a snapshot, so the rest of the file
 * is taken as it is and searched for quotes.
 */
export async function readStrings(cursor: FileCursor): Promise<SnapshotStrings> {
  const text = await cursor.rest()
  let starts = numbers(2 ** 16)
  let ends = numbers(2 ** 16)
  let count = 0
  let at = text.indexOf(OPENING_BRACKET)
  for (;;) {
    at = nextMark(text, at + 1)
    if (text[at] === CLOSING_BRACKET) return new SnapshotStrings(text, starts, ends, count)
    if (text[at] !== QUOTE) throw cursor.damaged('its strings end too early')
    if (count === starts.length) {
      starts = wider(starts)
      ends = wider(ends)
    }
    starts[count] = at + 1
    at = closingQuote(text, at + 1)
    ends[count++] = at
  }
}

/** Past commas and line ends. */
function nextMark(text: Buffer, from: number): number {
  let at = from
  while (text[at] === COMMA || (text[at] as number) <= SPACE) at++
  return at
}

function closingQuote(text: Buffer, from: number): number {
  for (let at = text.indexOf(QUOTE, from); at >= 0; at = text.indexOf(QUOTE, at + 1)) {
    let before = at
    while (text[before - 1] === BACKSLASH) before--
    if ((at - before) % 2 === 0) return at
  }
  return text.length
}
