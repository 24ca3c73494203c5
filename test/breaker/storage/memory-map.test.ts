import { expect } from 'chai'
import {
  BUCKET_CELLS,
  EVENT_CELLS,
  Header,
  LEASE_CELLS,
  MemoryMap,
  RECORD_CELLS,
  RECORDS_PER_SLOT,
} from '../../../src/breaker/storage/memory-map.js'
import { CELLS_PER_LINE } from '../../../src/memory/layout.js'

describe('memory map', () => {
  const map = new MemoryMap(64, { slots: 4, leases: 3, buckets: 5, ring: 8, seats: 3, events: 16 })

  it('gives no cell to two owners', () => {
    const owners = new Map<number, string>()
    const claim = (what: string, first: number, count: number) => {
      for (let cell = first; cell < first + count; cell++) {
        expect(owners.get(cell), `${what} and another at cell ${cell}`).to.equal(undefined)
        expect(cell).to.be.within(map.base, map.base + map.size - 1)
        owners.set(cell, what)
      }
    }
    claim('header', map.base, Object.keys(Header).length)
    claim('control', map.control, 1)
    claim('failure run', map.failureRun, 1)
    claim('judge', map.judge, 1)
    claim('strikes', map.strikes, 1)
    claim('head of the ring', map.ringHead, 1)
    claim('budget of the ramp-up', map.rampUpBudget, 1)
    claim('head of the events', map.eventHead, 1)
    claim('demand', map.demand, 1)
    for (let seat = 0; seat < 3; seat++) claim(`seat ${seat}`, map.seat(seat), 1)
    for (let position = 0; position < 8; position++) claim(`ring ${position}`, map.ring(position), 1)
    for (let position = 0; position < 16; position++) claim(`event ${position}`, map.event(position), EVENT_CELLS)
    for (let lease = 0; lease < 3; lease++) claim(`lease ${lease}`, map.lease(lease), LEASE_CELLS)
    for (let slot = 0; slot < 4; slot++) {
      claim(`owner ${slot}`, map.owner(slot), 2)
      claim(`counters ${slot}`, map.counters(slot), CELLS_PER_LINE)
      claim(`condition ${slot}`, map.condition(slot), CELLS_PER_LINE)
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
    const shared = [map.control, map.failureRun, map.judge, map.ringHead, map.rampUpBudget, map.eventHead]
    const hot = [...shared, ...[0, 1, 2, 3].map((slot) => map.counters(slot))]
    expect(new Set(hot.map(lineOf)).size).to.equal(hot.length)
    for (const cell of hot) expect(cell % CELLS_PER_LINE).to.equal(0)
  })

  it('keeps the offsets of layout 3, which other threads may rely on', () => {
    const first = new MemoryMap(0, { slots: 64, leases: 10, buckets: 10, ring: 128, seats: 32, events: 128 })
    expect({
      control: first.control,
      failureRun: first.failureRun,
      judge: first.judge,
      strikes: first.strikes,
      ringHead: first.ringHead,
      rampUpBudget: first.rampUpBudget,
      eventHead: first.eventHead,
      demand: first.demand,
      owner: first.owner(0),
      lease: first.lease(0),
      seat: first.seat(0),
      ring: first.ring(0),
      event: first.event(0),
      counters: first.counters(0),
      condition: first.condition(0) - first.counters(0),
      bucket: first.bucket(0, 0) - first.counters(0),
      record: first.record(0, 0) - first.counters(0),
      configuration: first.configuration(0) - first.counters(0),
      part: first.counters(1) - first.counters(0),
    }).to.deep.equal({
      control: 32,
      failureRun: 64,
      judge: 96,
      strikes: 97,
      ringHead: 128,
      rampUpBudget: 160,
      eventHead: 192,
      demand: 193,
      owner: 224,
      lease: 352,
      seat: 416,
      ring: 448,
      event: 576,
      counters: 1600,
      condition: 32,
      bucket: 64,
      record: 160,
      configuration: 288,
      part: 352,
    })
  })
})
