import { expect } from 'chai'
import { AuditLog } from '../../../src/budget/audit/audit-log.js'
import { AuditMap } from '../../../src/budget/audit/audit-map.js'
import { type AuditItem, AuditReader } from '../../../src/budget/audit/audit-reader.js'
import { type AuditDecision, type AuditReason, decisions, reasons } from '../../../src/budget/audit/audit-record.js'
import { FakeClock } from '../../fake-clock.js'
import { thrownBy } from '../thrown-by.js'
import { amountsOf, newAudit, record } from './auditing.js'

describe('the audit', () => {
  it('gives back each record as it was written', () => {
    const { cells, map, log } = newAudit(128)
    const all = (Object.keys(decisions) as AuditDecision[]).flatMap((decision) =>
      (Object.keys(reasons) as AuditReason[]).map((reason) => record({ decision, reason })),
    )
    const extremes = [
      record({ amount: 0, account: undefined, operation: undefined }),
      record({ amount: Number.MAX_SAFE_INTEGER, account: 2 ** 31 - 1, operation: 65_534, rule: 254 }),
      record({ account: 0, operation: 0, rule: 0 }),
    ]
    for (const each of [...all, ...extremes]) log.write(each)
    expect([...new AuditReader(cells, map).drain()]).to.deep.equal([...all, ...extremes])
  })

  it('gives each reader each record once', () => {
    const { cells, map, log } = newAudit(16)
    const [one, other] = [new AuditReader(cells, map), new AuditReader(cells, map)]
    for (let amount = 0; amount < 3; amount++) log.write(record({ amount }))
    expect(amountsOf(one.drain())).to.deep.equal([0, 1, 2])
    log.write(record({ amount: 3 }))
    expect(amountsOf(one.drain())).to.deep.equal([3])
    expect(amountsOf(one.drain())).to.deep.equal([])
    expect(amountsOf(other.drain())).to.deep.equal([0, 1, 2, 3])
  })

  it('overwrites the oldest, and tells a slow reader how many it has lost', () => {
    const { cells, map, log } = newAudit(16)
    const reader = new AuditReader(cells, map)
    for (let amount = 0; amount < 21; amount++) log.write(record({ amount }))
    expect(amountsOf(reader.drain())).to.deep.equal([-5, ...Array.from({ length: 16 }, (_, at) => at + 5)])
    expect(reader.lost).to.equal(5)
    expect(amountsOf(reader.drain())).to.deep.equal([])
  })

  it('loses no count of a reader that stops in the middle', () => {
    const { cells, map, log } = newAudit(16)
    const reader = new AuditReader(cells, map)
    for (let amount = 0; amount < 18; amount++) log.write(record({ amount }))
    for (const item of reader.drain()) if ('lost' in item) break
    const [first] = reader.drain()
    expect(first).to.deep.equal(record({ amount: 2 }))
    expect(amountsOf(reader.drain())).to.have.length(15)
  })

  it('begins a reader with the oldest that there is, or with what comes', () => {
    const { cells, map, log } = newAudit(16)
    for (let amount = 0; amount < 20; amount++) log.write(record({ amount }))
    const [oldest, now] = [new AuditReader(cells, map), new AuditReader(cells, map, { from: 'now' })]
    log.write(record({ amount: 20 }))
    expect(amountsOf(now.drain())).to.deep.equal([20])
    expect(amountsOf(oldest.drain())[0]).to.equal(-1)
    expect(oldest.lost).to.equal(1)
  })

  it('goes on where positions begin anew', () => {
    const { cells, map, log } = newAudit(16)
    cells.store(map.head, -10)
    const reader = new AuditReader(cells, map, { from: 'now' })
    for (let amount = 0; amount < 16; amount++) log.write(record({ amount }))
    expect(amountsOf(reader.drain())).to.deep.equal(Array.from({ length: 16 }, (_, at) => at))
    for (let amount = 0; amount < 17; amount++) log.write(record({ amount }))
    expect(amountsOf(reader.drain())[0]).to.equal(-1)
  })

  it('begins with the oldest also where positions are beyond half of their range', () => {
    const { cells, map, log } = newAudit(16)
    cells.store(map.head, -1000)
    for (let amount = 0; amount < 20; amount++) log.write(record({ amount }))
    expect(amountsOf(new AuditReader(cells, map).drain())).to.deep.equal(Array.from({ length: 16 }, (_, at) => at + 4))
  })

  it('comes to an end for a reader during whose reading more is written than the ring holds', () => {
    const { cells, map, log } = newAudit(16)
    const reader = new AuditReader(cells, map)
    for (let amount = 0; amount < 5; amount++) log.write(record({ amount }))
    let written = 5
    const items: AuditItem[] = []
    for (const item of reader.drain()) {
      items.push(item)
      for (let count = 0; count < 40; count++) log.write(record({ amount: written++ }))
    }
    expect(amountsOf(items)).to.deep.equal([0, -4])
    const [lost, ...rest] = amountsOf(reader.drain())
    expect(lost).to.equal(-(written - 16 - 5))
    expect(rest).to.have.length(16)
  })

  it('waits for a place that is taken for as long as it has patience, or half of the ring', () => {
    const clock = new FakeClock()
    const { cells, map, log } = newAudit(16)
    const reader = new AuditReader(cells, map, { clock, patienceMs: 100 })
    // As a thread leaves it that dies, or sleeps, once it has taken a place.
    cells.add(map.head, 1)
    log.write(record({ amount: 1 }))
    expect(amountsOf(reader.drain())).to.deep.equal([])
    clock.pass(99)
    expect(amountsOf(reader.drain())).to.deep.equal([])
    clock.pass(1)
    expect(amountsOf(reader.drain())).to.deep.equal([-1, 1])
    cells.add(map.head, 1)
    for (let amount = 0; amount < 7; amount++) log.write(record({ amount }))
    expect(amountsOf(reader.drain())).to.deep.equal([])
    log.write(record({ amount: 7 }))
    expect(amountsOf(reader.drain())).to.deep.equal([-1, 0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('lies in memory that was made for so many records', () => {
    const { cells } = newAudit(16)
    expect(() => new AuditLog(cells, new AuditMap(0, 32))).to.throw(RangeError, 'the audit of 16 records, not of 32')
    expect(new AuditMap(0, 17).capacity).to.equal(32)
    for (const capacity of [15, 65_537, 20.5]) {
      expect(thrownBy(() => new AuditMap(0, capacity))).to.include({
        code: 'ERR_CONFIGURATION',
        field: 'auditCapacity',
      })
    }
  })
})
