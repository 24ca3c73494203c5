import { doubles } from '../../memory/columns.js'
import type { FileCursor } from './file-cursor.js'

/**
 * The little of JSON that a snapshot's file is made of: one object, whose values are arrays of numbers, one array of
 * strings, and one small object. Each is read where it stands, the large ones without a value for each of their parts.
 */
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const CLOSING_BRACKET = 0x5d
const CLOSING_BRACE = 0x7d
const ZERO = 0x30
const NINE = 0x39
/** Of one key or of the snapshot's description: V8 writes about 1.5 KB. */
const SMALL_BYTES_MAX = 2 ** 20

/** The next key of the object, `undefined` at its end. */
export async function nextKey(cursor: FileCursor): Promise<string | undefined> {
  for (;;) {
    for (; cursor.at < cursor.end; cursor.at++) {
      const byte = cursor.bytes[cursor.at]
      if (byte === CLOSING_BRACE) return undefined
      if (byte === QUOTE) {
        const key = JSON.parse(await smallValue(cursor))
        await skipPast(cursor, COLON)
        return key
      }
    }
    await cursor.more()
  }
}

/** The text of a small value: a string, or an object or array with all that is in it. */
export async function smallValue(cursor: FileCursor): Promise<string> {
  const taken: number[] = []
  let depth = 0
  let inString = false
  let escaped = false
  for (;;) {
    while (cursor.at < cursor.end) {
      const byte = cursor.bytes[cursor.at++] as number
      taken.push(byte)
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = inString
      else if (byte === QUOTE) inString = !inString
      else if (!inString && (byte === 0x7b || byte === 0x5b)) depth++
      else if (!inString && (byte === CLOSING_BRACE || byte === CLOSING_BRACKET)) depth--
      const ended = depth === 0 && !inString && (byte === QUOTE || byte === CLOSING_BRACE || byte === CLOSING_BRACKET)
      if (ended) return Buffer.from(taken).toString()
      if (taken.length > SMALL_BYTES_MAX) throw cursor.damaged('it does not begin as a heap snapshot does')
    }
    await cursor.more()
  }
}

/** Passes over an array of numbers: as fast as memory is searched for its end. */
export async function skipNumbers(cursor: FileCursor): Promise<void> {
  await skipPast(cursor, CLOSING_BRACKET)
}

/** Moves behind the next such byte. */
export async function skipPast(cursor: FileCursor, byte: number): Promise<void> {
  for (;;) {
    const found = cursor.bytes.subarray(cursor.at, cursor.end).indexOf(byte)
    if (found >= 0) {
      cursor.at += found + 1
      return
    }
    await cursor.more()
  }
}

/**
 * Reads an array of whole numbers ≥ 0 and hands them over in rows of `width`, many rows at once: `take(numbers, rows)`.
 * Rejects if the last row is not whole.
 */
export async function readRows(
  cursor: FileCursor,
  width: number,
  take: (numbers: Float64Array, rows: number) => void,
): Promise<void> {
  const batch = doubles(width * 4096)
  let filled = 0
  let value = 0
  let digits = 0
  for (;;) {
    const { bytes, end } = cursor
    let at = cursor.at
    while (at < end) {
      const byte = bytes[at++] as number
      if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO)
        digits++
        continue
      }
      if (digits > 0 && (byte === COMMA || byte === CLOSING_BRACKET)) {
        batch[filled++] = value
        value = 0
        digits = 0
        if (filled === batch.length) {
          take(batch, filled / width)
          filled = 0
        }
      }
      if (byte === CLOSING_BRACKET) {
        cursor.at = at
        if (filled % width !== 0) throw cursor.damaged(`an array of it is no whole number of rows of ${width}`)
        take(batch, filled / width)
        return
      }
    }
    cursor.at = at
    await cursor.more()
  }
}
