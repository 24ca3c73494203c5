import { expect } from 'chai'
import {
  BUCKET_CELLS,
  LEASE_CELLS,
  MemoryMap,
  RECORD_CELLS,
  RECORDS_PER_SLOT,
} from '../../../src/breaker/storage/memory-map.js'
import { CELLS_PER_LINE } from '../../../src/memory/layout.js'

describe('memory map', () => {
  const map = new MemoryMap(64, { slots: 4, leases: 3, buckets: 5 })

  it('gives no cell to two owners', () => {
    const owners = new Map<number, string>()
    const claim = (what: string, first: number, count: number) => {
      for (let cell = first; cell < first + count; cell++) {
        expect(owners.get(cell), `${what} and another at cell ${cell}`).to.equal(undefined)
        expect(cell).to.be.within(map.base, map.base + map.size - 1)
        owners.set(cell, what)
      }
    }
    claim('header', map.base, 6)
    claim('control', map.control, 1)
    claim('failure run', map.failureRun, 1)
    for (let lease = 0; lease < 3; lease++) claim(`lease ${lease}`, map.lease(lease), LEASE_CELLS)
    for (let slot = 0; slot < 4; slot++) {
      claim(`owner ${slot}`, map.owner(slot), 2)
      claim(`counters ${slot}`, map.counters(slot), CELLS_PER_LINE)
      for (let bucket = 0; bucket < 5; bucket++)
        claim(`bucket ${slot}.${bucket}`, map.bucket(slot, bucket), BUCKET_CELLS)
      for (let record = 0; record < RECORDS_PER_SLOT; record++)
        claim(`record ${slot}.${record}`, map.record(slot, record), RECORD_CELLS)
      for (const which of [0, 1])
        claim(`configuration ${slot}.${which}`, map.configuration(slot * 2 + which), CELLS_PER_LINE)
    }
  })

  it('puts every hot cell on a line of its own', () => {
    const lineOf = (cell: number) => Math.floor(cell / CELLS_PER_LINE)
    const hot = [map.control, map.failureRun, ...[0, 1, 2, 3].map((slot) => map.counters(slot))]
    expect(new Set(hot.map(lineOf)).size).to.equal(hot.length)
    for (const cell of hot) expect(cell % CELLS_PER_LINE).to.equal(0)
  })

  it('keeps the offsets of layout 1, which other threads may rely on', () => {
    const first = new MemoryMap(0, { slots: 64, leases: 10, buckets: 10 })
    expect({
      control: first.control,
      failureRun: first.failureRun,
      owner: first.owner(0),
      lease: first.lease(0),
      counters: first.counters(0),
      bucket: first.bucket(0, 0) - first.counters(0),
      record: first.record(0, 0) - first.counters(0),
      configuration: first.configuration(0) - first.counters(0),
      part: first.counters(1) - first.counters(0),
    }).to.deep.equal({
      control: 32,
      failureRun: 64,
      owner: 160,
      lease: 288,
      counters: 352,
      bucket: 32,
      record: 96,
      configuration: 224,
      part: 288,
    })
  })
})
