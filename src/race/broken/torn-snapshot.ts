import type { Program } from '../../explore/program.js'
import type { Specification } from '../../history/specification.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const CALLS = 0
const FAILURES = 1
const BOTH = 2

/** Each failed call counts in both, so there are never more calls than failures here, nor fewer. */
const twoCells = {
  fail: (cells: Cells) => {
    cells.add(CALLS, 1)
    cells.add(FAILURES, 1)
  },
  read: (cells: Cells) => [cells.load(CALLS), cells.load(FAILURES)],
}

const oneCell = {
  fail: (cells: Cells) => {
    cells.add(BOTH, 0x1_0001)
  },
  read: (cells: Cells) => {
    const both = cells.load(BOTH)
    return [both >> 16, both & 0xffff]
  },
}

function programOf({ fail, read }: typeof twoCells): Program {
  return {
    cells: 3,
    threads: [(cells, call) => call('fail', () => fail(cells)), (cells, call) => call('read', () => read(cells))],
  }
}

const specification: Specification<number, string, readonly number[] | undefined> = {
  initial: 0,
  apply: (failed, action, result) => {
    if (action === 'fail') return failed + 1
    return result === undefined || result.every((count) => count === failed) ? failed : undefined
  },
}

const target: BrokenTarget = {
  mistake: 'A snapshot reads two counts one after the other.',
  after: 'the textbook: Afek et al. 1993, atomic snapshots; field report 8',
  why: 'A call ends between the two loads, or between its own two additions: the snapshot is of no moment that there was.',
  broken: programOf(twoCells),
  mended: programOf(oneCell),
  caughtBy: { linearizability: { specification } },
}

export default target
