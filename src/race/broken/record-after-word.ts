import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const CONTROL = 0
const RECORD = 1

const wordFirst = (cells: Cells) => {
  if (cells.compareExchange(CONTROL, 0, 1) === 0) cells.store(RECORD, 1)
}
const recordFirst = (cells: Cells) => {
  cells.store(RECORD, 1)
  cells.compareExchange(CONTROL, 0, 1)
}
const reads = (cells: Cells) => {
  const life = cells.load(CONTROL)
  const record = cells.load(RECORD)
  if (record < life) throw new Error(`life ${life} is in force, and its record is that of life ${record}`)
}

const programOf = (writes: (cells: Cells) => void): Program => ({ cells: 2, threads: [writes, reads] })

const target: BrokenTarget = {
  mistake: 'The record of a transition is written after the word that announces it.',
  after: 'field report 11, of a whole record: sentinel-golang #408',
  why: 'A reader sees the new life and reads what was there before: a reason and a deadline of another life.',
  broken: programOf(wordFirst),
  mended: programOf(recordFirst),
  caughtBy: { assertion: {} },
}

export default target
