import { expect } from 'chai'
import { DurableError } from '../../../src/budget/durable/errors.js'
import { FIRST_CHECKSUM, type JournalEnd, lineAfter, readLines } from '../../../src/budget/durable/journal-line.js'

const history = [
  { journal: 'x' },
  { total: 1, key: 'Zürich' },
  { total: 2 },
  { total: 3, note: 'a'.repeat(600) },
  { total: 4 },
]

function journal(): { bytes: Buffer; ends: number[] } {
  let end: JournalEnd = { sequence: 41, checksum: FIRST_CHECKSUM }
  const lines: Buffer[] = []
  const ends = [0]
  for (const content of history) {
    const line = lineAfter(end, content)
    lines.push(line.bytes)
    ends.push((ends.at(-1) as number) + line.bytes.length)
    end = line.end
  }
  return { bytes: Buffer.concat(lines), ends }
}

/** What is read, or the error that says where it can't be. */
function reading(bytes: Buffer): unknown[] | DurableError {
  try {
    return readLines(bytes).contents
  } catch (error) {
    if (error instanceof DurableError) return error
    throw error
  }
}

describe('lines of a journal', () => {
  const { bytes, ends } = journal()

  it('are read as they were written', () => {
    const { contents, end, length } = readLines(bytes)
    expect(contents).to.deep.equal(history)
    expect(end.sequence).to.equal(41 + history.length)
    expect(length).to.equal(bytes.length)
  })

  it('are a beginning of the history, wherever the file is cut', () => {
    for (let length = 0; length <= bytes.length; length++) {
      // A line is whole without its line feed.
      const whole = ends.findLastIndex((end) => Math.max(0, end - 1) <= length)
      expect(reading(bytes.subarray(0, length)), `cut at ${length}`).to.deep.equal(history.slice(0, whole))
    }
  })

  it('are a beginning of the history where a crash has left zeros instead of what was not synced', () => {
    for (let lines = 1; lines < history.length; lines++) {
      const from = ends[lines] as number
      for (let sector = Math.ceil(from / 512) * 512; sector < bytes.length; sector += 512) {
        const torn = Buffer.from(bytes).fill(0, from, sector)
        expect(reading(torn), `zeros ${from} to ${sector}`).to.deep.equal(history.slice(0, lines))
      }
      expect(reading(Buffer.from(bytes).fill(0, from))).to.deep.equal(history.slice(0, lines))
    }
  })

  it('are an error with the place, whichever bit was changed', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(bytes)
        damaged[at] = (damaged[at] as number) ^ (1 << bit)
        const found = reading(damaged)
        expect(found, `bit ${bit} of byte ${at}`).to.be.instanceOf(DurableError)
        const { code, offset } = found as DurableError
        expect(code).to.equal('ERR_JOURNAL_CORRUPT')
        expect(offset).to.be.at.most(at)
      }
    }
  })

  it('are an error or a beginning of the history, whichever byte became a zero', () => {
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = 0
      const found = reading(damaged)
      if (found instanceof DurableError) continue
      expect(found, `zero at ${at}`).to.deep.equal(history.slice(0, found.length))
    }
  })

  it('are an error if one is left out, comes twice or from another file', () => {
    const line = (at: number) => bytes.subarray(ends[at], ends[at + 1])
    const other = lineAfter({ sequence: 43, checksum: FIRST_CHECKSUM }, { total: 99 }).bytes
    for (const lines of [
      [0, 2, 3],
      [0, 1, 1, 2],
      [0, 2, 1],
      [1, 0],
    ]) {
      expect(reading(Buffer.concat(lines.map(line))), lines.join()).to.be.instanceOf(DurableError)
    }
    expect(reading(Buffer.concat([line(0), line(1), other, line(3)]))).to.be.instanceOf(DurableError)
  })
})
