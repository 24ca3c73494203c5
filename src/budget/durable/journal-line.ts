import { createHash } from 'node:crypto'
import { DurableError } from './errors.js'

/**
 * What a journal is made of: lines of text that people can read, each one whole by itself.
 *
 *     00000057 0000000000001a2b 9f86d081884c7d65 {"key":"default",…}
 *
 * Length of what follows the checksum, in bytes of UTF-8; sequence number; checksum; JSON; a line feed. Numbers are hexadecimal. The checksum is the first 8
 * bytes of a SHA-256 over the checksum of the line before, the two numbers and the text, so that no line can be left out, put elsewhere or
 * come from another file. (Node's own hash and not a faster one: lines are few, and 64 bits of it are never right by chance. `zlib.crc32` is not in every Node 20.)
 *
 * What a crash leaves: lines are appended, so of the last ones, of which nobody was told that they are written, there may be only a
 * beginning, or sectors of zeros instead. Neither JSON nor numbers contain a zero byte or a line feed. So the rest of a file is *torn* if it holds a sector
 * of zeros, or no line feed at all; whatever else is no line is *damaged*. A line that is whole but for its line feed counts: nothing was granted for it, but nothing
 * is lost by counting it.
 */
const HEADER = /^([0-9a-f]{8}) ([0-9a-f]{16}) ([0-9a-f]{16}) $/
const HEADER_BYTES = 8 + 1 + 16 + 1 + 16 + 1
const LINE_FEED = 0x0a
/** What a disk writes whole; larger ones are multiples of it. */
const SECTOR_BYTES = 512
/** What the checksum of the first line follows. */
export const FIRST_CHECKSUM = '0000000000000000'

export interface JournalEnd {
  readonly sequence: number
  readonly checksum: string
}

/** The line after `end`, and the end that it makes. */
export function lineAfter(end: JournalEnd, content: unknown): { bytes: Buffer; end: JournalEnd } {
  const text = JSON.stringify(content)
  const sequence = end.sequence + 1
  const numbers = `${hexadecimal(Buffer.byteLength(text), 8)} ${hexadecimal(sequence, 16)}`
  const checksum = checksumOf(end.checksum, numbers, Buffer.from(text))
  return { bytes: Buffer.from(`${numbers} ${checksum} ${text}\n`), end: { sequence, checksum } }
}

export interface ReadJournal {
  readonly contents: unknown[]
  readonly end: JournalEnd
  /** Bytes up to the end of the last whole line. What follows them is torn. */
  readonly length: number
}

/** Reads lines from the first on. Throws a `DurableError` with the offset of what is damaged. */
export function readLines(bytes: Buffer): ReadJournal {
  const contents: unknown[] = []
  let end: JournalEnd | undefined
  let offset = 0
  while (offset < bytes.length) {
    const line = lineAt(bytes, offset, end)
    if (!line) break
    contents.push(line.content)
    end = line.end
    offset += line.length
  }
  if (!isTorn(bytes, offset)) throw damaged(bytes, offset)
  return { contents, end: end ?? { sequence: 0, checksum: FIRST_CHECKSUM }, length: offset }
}

/** Zeros from where the file ended, or from a sector's beginning, up to a sector's end or the file's. */
function isTorn(bytes: Buffer, from: number): boolean {
  if (!bytes.includes(LINE_FEED, from)) return true
  for (let zero = bytes.indexOf(0, from); zero >= 0; zero = bytes.indexOf(0, zero)) {
    const first = zero
    while (bytes[zero] === 0) zero += 1
    const ends = zero === bytes.length || zero % SECTOR_BYTES === 0
    if (ends && (first === from || first % SECTOR_BYTES === 0)) return true
  }
  return false
}

function damaged(bytes: Buffer, offset: number): DurableError {
  return new DurableError('ERR_JOURNAL_CORRUPT', `the journal is damaged at byte ${offset} of ${bytes.length}`, {
    offset,
  })
}

function lineAt(bytes: Buffer, offset: number, before: JournalEnd | undefined) {
  const header = HEADER.exec(bytes.toString('latin1', offset, offset + HEADER_BYTES))
  if (!header) return undefined
  const [, length = '', sequence = '', checksum = ''] = header
  const from = offset + HEADER_BYTES
  const to = from + Number.parseInt(length, 16)
  if (to > bytes.length) return undefined
  const text = bytes.subarray(from, to)
  if (checksumOf(before?.checksum ?? FIRST_CHECKSUM, `${length} ${sequence}`, text) !== checksum) return undefined
  if (to < bytes.length && bytes[to] !== LINE_FEED) throw damaged(bytes, to)
  const number = Number.parseInt(sequence, 16)
  // A file's first line goes on from the file before it, wherever that ended.
  if (before && number !== before.sequence + 1) return undefined
  return {
    content: JSON.parse(text.toString()) as unknown,
    end: { sequence: number, checksum },
    length: to + 1 - offset,
  }
}

function checksumOf(before: string, numbers: string, text: Buffer): string {
  return createHash('sha256').update(`${before} ${numbers} `).update(text).digest('hex').slice(0, FIRST_CHECKSUM.length)
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
