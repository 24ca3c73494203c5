import type { Cells } from '../../memory/cells.js'
import { joinHalves } from '../../memory/time.js'
import { type AuditMap, checkAudit } from './audit-map.js'
import { type AuditDecision, type AuditReason, type AuditRecord, decisions, reasons } from './audit-record.js'

/**
 * What was decided, in one order for all threads, the oldest overwritten first.
 *
 * Map. The head counts the positions that were taken. A ring of entries, one a position: stamp; sum; time and amount (2 cells each, low
 * half first); thread; account (−1: none); and in one cell decision (bits 0–3), reason (4–7), rule and one (8–15), operation and one
 * (16–31; of both, 0: none). A stamp is the position with its two low bits, which
 * the entry's place says, replaced by `Stamp`: being written or written. 0 = never used.
 *
 * Protocol. Write: add 1 to the head, which gives the position; claim the entry by exchanging whatever older stamp it has for "being
 * written"; write the fields, and their sum with the position; exchange that stamp for "written"; notify the head. Who finds a newer
 * stamp, or his own gone, is a lap behind: his record is lost. Read: the stamp must be "written" for the position before and
 * after the fields are read, and the sum must be theirs.
 *
 * Why safe. Claim: whoever died while writing holds nothing up, as the next lap takes his entry over. So a thread that slept for a whole
 * lap may still write into an entry that is another's: the stamp doesn't tell, but the sum does, in which the position is. Claim:
 * each reader is given each record once, or counts it as lost: it goes from position to position, and a record is at one.
 *
 * Breaks if the stamp is written before the fields: a reader would give up a record that comes; if the last stamp were stored, not
 * exchanged: a sleeper would take a newer record away; if fields are read without their sum; if the sum leaves out the
 * position: all fields of a sleeper, and his sum, would pass for the newer record.
 *
 * Limits. Of what a sleeper and his successor mix up, 1 in 4,294,967,296 has the right sum. A position that was taken by a thread which died
 * before it wrote looks as if it were to be written: a reader gives it up after a while (`audit-reader.ts`). Stamps repeat after 2³²
 * records.
 */
const Field = {
  stamp: 0,
  sum: 1,
  at: 2,
  amount: 4,
  thread: 6,
  account: 7,
  what: 8,
} as const
const FIRST_FIELD = Field.at
const LAST_FIELD = Field.what

const Stamp = { writing: 1, written: 2 } as const
const NONE = -1
const REASON_SHIFT = 4
const RULE_SHIFT = 8
const OPERATION_SHIFT = 16
const CODE_MASK = 15
const RULE_MASK = 255
const TWO_TO_32 = 0x1_0000_0000

/** `pending`: a thread took the position and may still write it. `lost`: it can never be read. */
export type AuditReading = AuditRecord | 'pending' | 'lost'

/** One thread's end of the log. */
export class AuditLog {
  constructor(
    private readonly cells: Cells,
    private readonly map: AuditMap,
  ) {
    checkAudit(cells, map)
  }

  /** How many positions were taken: a 32-bit number that wraps. */
  get head(): number {
    return this.cells.load(this.map.head)
  }

  get capacity(): number {
    return this.map.capacity
  }

  /** Never waits, and allocates nothing. Returns the record's position, a 32-bit number that wraps. */
  write(record: AuditRecord): number {
    const { cells, map } = this
    const position = cells.add(map.head, 1)
    const entry = map.entry(position)
    const writing = stampOf(position, Stamp.writing)
    if (!this.#claim(entry, position, writing)) return position
    this.#storeWhole(entry + Field.at, record.atMs)
    this.#storeWhole(entry + Field.amount, record.amount)
    cells.store(entry + Field.thread, record.thread)
    cells.store(entry + Field.account, record.account ?? NONE)
    const what = whatOf(record)
    cells.store(entry + Field.what, what)
    cells.store(entry + Field.sum, sumOfRecord(position, record, what))
    cells.compareExchange(entry + Field.stamp, writing, stampOf(position, Stamp.written))
    cells.notify(map.head, Number.POSITIVE_INFINITY)
    return position
  }

  /** The record of a position that was taken. */
  read(position: number): AuditReading {
    const { cells, map } = this
    const entry = map.entry(position)
    const written = stampOf(position, Stamp.written)
    const stamp = cells.load(entry + Field.stamp)
    if (stamp !== written) return isNewer(stamp, position) ? 'lost' : 'pending'
    const sum = cells.load(entry + Field.sum)
    const words: number[] = []
    for (let field: number = FIRST_FIELD; field <= LAST_FIELD; field++) words.push(cells.load(entry + field))
    if (cells.load(entry + Field.stamp) !== written || sum !== sumOf(position, words)) return 'lost'
    return recordOf(words)
  }

  #claim(entry: number, position: number, writing: number): boolean {
    for (;;) {
      const stamp = this.cells.load(entry + Field.stamp)
      if (isNewer(stamp, position)) return false
      // Ends: a stamp that has changed is newer than it was, and at last than this one.
      if (this.cells.compareExchange(entry + Field.stamp, stamp, writing) === stamp) return true
    }
  }

  #storeWhole(index: number, value: number): void {
    this.cells.store(index, value | 0)
    this.cells.store(index + 1, Math.floor(value / TWO_TO_32))
  }
}

function recordOf(words: readonly number[]): AuditRecord {
  const word = (field: number) => words[field - FIRST_FIELD] ?? NONE
  const whole = (field: number) => joinHalves(word(field), word(field + 1))
  const index = (plusOne: number) => (plusOne === 0 ? undefined : plusOne - 1)
  const account = word(Field.account)
  const what = word(Field.what)
  return {
    atMs: whole(Field.at),
    thread: word(Field.thread),
    account: account === NONE ? undefined : account,
    operation: index(what >>> OPERATION_SHIFT),
    rule: index((what >>> RULE_SHIFT) & RULE_MASK),
    amount: whole(Field.amount),
    decision: nameOf<AuditDecision>(decisions, what & CODE_MASK),
    reason: nameOf<AuditReason>(reasons, (what >>> REASON_SHIFT) & CODE_MASK),
  }
}

function whatOf({ decision, reason, rule = NONE, operation = NONE }: AuditRecord): number {
  const codes = decisions[decision] | (reasons[reason] << REASON_SHIFT)
  return codes | ((rule + 1) << RULE_SHIFT) | ((operation + 1) << OPERATION_SHIFT)
}

function nameOf<Name extends string>(codes: Readonly<Record<Name, number>>, code: number): Name {
  const found = (Object.keys(codes) as Name[]).find((name) => codes[name] === code)
  if (found !== undefined) return found
  throw new RangeError(`${code} is none of ${Object.keys(codes).join(', ')}`)
}

/** As `sumOf`, of the words that the record is written as; without an array of them. */
function sumOfRecord(position: number, record: AuditRecord, what: number): number {
  let sum = mixed(position, record.atMs | 0)
  sum = mixed(sum, Math.floor(record.atMs / TWO_TO_32))
  sum = mixed(sum, record.amount | 0)
  sum = mixed(sum, Math.floor(record.amount / TWO_TO_32))
  sum = mixed(sum, record.thread)
  sum = mixed(sum, record.account ?? NONE)
  return mixed(sum, what)
}

function sumOf(position: number, words: readonly number[]): number {
  return words.reduce(mixed, position)
}

/** One round of MurmurHash3 (Appleby): each step can be undone, so that words which differ in one place never have one sum. */
function mixed(sum: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51)
  const next = sum ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593)
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0
}

function stampOf(position: number, stamp: number): number {
  return (position & ~3) | stamp
}

/** Whether a stamp is that of a later position; the positions have the same place in the ring. */
function isNewer(stamp: number, position: number): boolean {
  return (stamp & 3) !== 0 && (((stamp & ~3) - (position & ~3)) | 0) > 0
}
