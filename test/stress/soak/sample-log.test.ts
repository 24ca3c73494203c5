import { expect } from 'chai'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { SampleLog } from '../../../src/stress/soak/sample-log.js'

const sample = (index: number) => ({
  atMs: 1000.5 * index,
  stage: index,
  calls: 5e9 + index,
  inFlight: 40 + index,
  usedBytes: 6e9 + index,
  externalBytes: 7e9 + index,
  pauseMs: 12.345 + index,
})

describe('stress: the log of samples', () => {
  const logOf = (capacity: number) => {
    const cells = AtomicCells.allocate(SampleLog.size(capacity) + 64)
    return { cells, log: new SampleLog(cells, 32, capacity) }
  }

  it('gives back what was written, beyond what 32 bits hold, also to another thread’s eyes', () => {
    const { cells, log } = logOf(3)
    expect(log.read()).to.deep.equal([])
    for (const index of [0, 1, 2]) expect(log.write(sample(index))).to.equal(true)
    expect(new SampleLog(cells, 32, 3).read()).to.deep.equal([sample(0), sample(1), sample(2)])
  })

  it('keeps what it has when it is full, and says that there was no room', () => {
    const { log } = logOf(1)
    log.write(sample(0))
    expect(log.write(sample(1))).to.equal(false)
    expect(log.read()).to.deep.equal([sample(0)])
  })

  it('writes within its size, and nowhere else', () => {
    const { cells, log } = logOf(2)
    for (const index of [1, 2]) log.write(sample(index))
    const written = Array.from({ length: cells.length }, (_, index) => index).filter((index) => cells.load(index) !== 0)
    expect(Math.min(...written)).to.be.at.least(32)
    expect(Math.max(...written)).to.be.below(32 + SampleLog.size(2))
  })
})
