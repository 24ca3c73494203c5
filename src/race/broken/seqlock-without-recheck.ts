import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const SEQUENCE = 0
const LEFT = 1
const RIGHT = 2

const writes = (cells: Cells) => {
  cells.add(SEQUENCE, 1)
  cells.store(LEFT, 1)
  cells.store(RIGHT, 1)
  cells.add(SEQUENCE, 1)
}

/** Reads both while the sequence is even; `again`: and the same afterwards. */
const reads = (again: boolean) => (cells: Cells) => {
  for (;;) {
    const sequence = cells.load(SEQUENCE)
    if (sequence % 2 === 1) continue
    const [left, right] = [cells.load(LEFT), cells.load(RIGHT)]
    if (again && cells.load(SEQUENCE) !== sequence) continue
    if (left !== right) throw new Error(`left is ${left}, right is ${right}; they are written together`)
    return
  }
}

const programOf = (again: boolean): Program => ({ cells: 3, threads: [writes, reads(again)] })

const target: BrokenTarget = {
  mistake: 'The reader of a sequence lock looks at the sequence before it reads, and not again after.',
  after: 'Boehm 2012, "Can seqlocks get along with programming language memory models?"',
  why: 'The writer begins right after that look, and the reader reads one half of before and one of after.',
  broken: programOf(false),
  mended: programOf(true),
  caughtBy: { assertion: {} },
}

export default target
