import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { Gate } from '../../src/stress/gate.js'

function gateOf(stages: number, clock = { nowMs: () => 1000 }) {
  const cells = AtomicCells.allocate(Gate.size(stages))
  const gate = new Gate(cells, 0, stages, clock)
  gate.initialize(0)
  return { cells, gate }
}

describe('stress: the gate', () => {
  it('stands before its first stage until it opens', () => {
    const { gate } = gateOf(2)
    expect(gate.stage()).to.equal(-1)
    gate.open()
    expect(gate.stage()).to.equal(0)
  })

  it('moves once for all who see the same end', () => {
    const { gate } = gateOf(3)
    gate.open()
    expect([gate.advance(0), gate.advance(0), gate.advance(0)]).to.deep.equal([true, false, false])
    expect(gate.stage()).to.equal(1)
  })

  it('keeps the first time that was written for a stage', () => {
    let nowMs = 100
    const { gate } = gateOf(2, { nowMs: () => nowMs })
    gate.open()
    nowMs = 200
    gate.advance(0)
    nowMs = 300
    gate.advance(0)
    expect([gate.startMs(0), gate.startMs(1), gate.startMs(2)]).to.deep.equal([100, 200, undefined])
  })

  it('gives as many tickets as there are, then ends the stage', () => {
    const { gate } = gateOf(2)
    gate.open()
    expect([gate.takeTicket(0, 2), gate.takeTicket(0, 2)]).to.deep.equal([true, true])
    expect(gate.stage()).to.equal(0)
    expect(gate.takeTicket(0, 2)).to.equal(false)
    expect(gate.stage()).to.equal(1)
  })

  it('gives tickets beyond the limit while its stage is held', () => {
    const { gate } = gateOf(1)
    gate.open()
    gate.hold(0)
    expect([gate.takeTicket(0, 1), gate.takeTicket(0, 1)]).to.deep.equal([true, true])
    gate.hold()
    expect(gate.takeTicket(0, 1)).to.equal(false)
  })

  it('drains at once when it is stopped, held or not, and skips what had not begun', () => {
    const { gate } = gateOf(4)
    gate.open()
    gate.hold(3)
    gate.stop()
    expect(gate.stage()).to.equal(4)
    expect(gate.startMs(1)).to.equal(undefined)
    expect(gate.startMs(4)).to.equal(1000)
  })

  it('closes after the drain, from wherever it stands', () => {
    const { gate } = gateOf(2)
    gate.close()
    expect(gate.stage()).to.equal(3)
  })

  it('counts measured time from the first stage that is no warm-up', () => {
    let nowMs = 100
    const cells = AtomicCells.allocate(Gate.size(2))
    const gate = new Gate(cells, 0, 2, { nowMs: () => nowMs })
    gate.initialize(1)
    gate.open()
    expect(gate.measuredMs()).to.be.lessThan(0)
    nowMs = 150
    gate.advance(0)
    nowMs = 175
    expect(gate.measuredMs()).to.equal(25)
  })

  it('@stress gives each ticket once, whatever number of threads ask for it', async () => {
    const stages = 5
    const requests = 50_000
    const { cells, gate } = gateOf(stages)
    const file = new URL('./fixtures/ticket-taker.js', import.meta.url)
    const workerData = { buffer: cells.buffer, stages, requests }
    const answers = Array.from({ length: 8 }, () => {
      const worker = new Worker(file, { workerData })
      return new Promise<number[]>((resolve, reject) => worker.once('message', resolve).once('error', reject))
    })
    gate.open()
    const taken = await Promise.all(answers)
    for (let stage = 0; stage < stages; stage += 1) {
      expect(taken.reduce((sum, counts) => sum + (counts[stage] ?? 0), 0)).to.equal(requests)
    }
  })
})
