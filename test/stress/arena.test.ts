import { expect } from 'chai'
import { CELL_BYTES } from '../../src/memory/layout.js'
import { Arena, arenaMap, HistogramKind } from '../../src/stress/arena.js'
import { Gate } from '../../src/stress/gate.js'
import { Journal } from '../../src/stress/journal.js'
import { Outcome } from '../../src/target.js'

const shape = { stages: 3, slots: 2, journals: 4, samples: 3 }

describe('stress: the arena', () => {
  it('lays its parts out one after another', () => {
    const map = arenaMap(shape)
    expect(map.gate + Gate.size(3)).to.be.at.most(map.received)
    expect(map.received + 4).to.be.at.most(map.journals)
    expect(map.journals + 4 * Journal.size(4)).to.be.at.most(map.histograms)
    expect(map.histograms).to.be.lessThan(map.size)
  })

  it('has no journal beyond those that it has room for', () => {
    const arena = Arena.allocate(shape)
    expect(() => arena.journal(shape.journals - 1)).not.to.throw()
    expect(() => arena.journal(shape.journals)).to.throw(RangeError, 'journal 4 of 4')
  })

  it('keeps every counter of every journal and stage in a cell of its own', () => {
    const arena = Arena.allocate(shape)
    let expected = 0
    for (let index = 0; index < shape.journals; index += 1) {
      const journal = arena.journal(index)
      journal.publishThread(7)
      for (let stage = 0; stage <= shape.stages; stage += 1) {
        journal.countStarted(stage)
        journal.countTimeout(stage)
        journal.countReceived(stage)
        for (const outcome of Object.values(Outcome)) journal.countOutcome(stage, outcome)
        journal.addIntended(stage, 1000)
        expected += 1
      }
    }
    for (let index = 0; index < shape.journals; index += 1) {
      for (let stage = 0; stage <= shape.stages; stage += 1) {
        expect(arena.journal(index).counts(stage)).to.deep.equal({
          started: 1,
          timeouts: 1,
          received: 1,
          intendedMs: 1,
          outcomes: { success: 1, error: 1, ignored: 1, refused: 1, stale: 1 },
        })
      }
    }
    expect(expected).to.equal(16)
    expect(arena.gate.stage()).to.equal(-1)
  })

  it('gives each slot, stage and kind a histogram that overlaps no other and ends within the buffer', () => {
    const arena = Arena.allocate(shape)
    const ranges: [number, number][] = []
    for (let slot = 0; slot < shape.slots; slot += 1) {
      for (let stage = 0; stage <= shape.stages; stage += 1) {
        for (const kind of Object.values(HistogramKind)) {
          const { byteOffset, byteLength } = arena.histogram(slot, stage, kind)
          ranges.push([byteOffset, byteOffset + byteLength])
        }
      }
    }
    ranges.sort(([one], [other]) => one - other)
    expect(ranges[0]?.[0]).to.equal(arenaMap(shape).histograms * CELL_BYTES)
    for (const [index, [begin]] of ranges.entries()) {
      if (index > 0) expect(begin).to.be.at.least(ranges[index - 1]?.[1] ?? 0)
    }
    expect(ranges.at(-1)?.[1]).to.be.at.most(arena.buffer.byteLength)
  })

  it('stays below 150 MB for a hundred workers and five stages', () => {
    expect(arenaMap({ stages: 5, slots: 100, journals: 200, samples: 0 }).size * CELL_BYTES).to.be.below(150e6)
  })

  it('refuses a plan whose latencies would not fit', () => {
    expect(() => Arena.allocate({ stages: 64, slots: 512, journals: 512, samples: 0 }))
      .to.throw('512 workers × 64 stages')
      .with.property('code', 'ERR_PLAN')
  })

  it('sums intended durations beyond 32 bits', () => {
    const journal = Arena.allocate(shape).journal(0)
    for (let call = 0; call < 5; call += 1) journal.addIntended(0, 2 ** 30)
    expect(journal.counts(0).intendedMs).to.equal((5 * 2 ** 30) / 1000)
  })

  it('keeps what a worker told of its last 32 half-open epochs', () => {
    const { probes } = Arena.allocate(shape).journal(3)
    expect(probes.read()).to.deep.equal([])
    const told = Array.from({ length: 40 }, (_, index) => ({
      epoch: 100 + index,
      admitted: 5,
      returned: 1,
      settled: 4,
    }))
    probes.write(told.slice(0, 3))
    probes.write(told)
    expect(probes.read()).to.deep.equal(told.slice(-32))
  })

  it('keeps a worker’s first refusal and no later one', () => {
    const journal = Arena.allocate(shape).journal(1)
    expect(journal.firstRefusalAtMs).to.equal(undefined)
    journal.noteRefusal(0)
    journal.noteRefusal(9)
    expect(journal.firstRefusalAtMs).to.equal(0)
  })
})
