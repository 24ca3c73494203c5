import { expect } from 'chai'
import { METER_AMOUNT_MAX, METER_BUCKETS, RateMeter } from '../../../src/budget/rules/rate-meter.js'
import { PrivateCells } from '../../../src/memory/private-cells.js'
import { NOW_MS } from './ruled.js'

const WINDOW_MS = 1200
const BUCKET_MS = WINDOW_MS / METER_BUCKETS
const meterOf = (windowMs = WINDOW_MS) => new RateMeter(new PrivateCells(2 * METER_BUCKETS), 0, windowMs)

describe('a rate meter', () => {
  it('sums up what was recorded in its window, a bucket at a time', () => {
    const meter = meterOf()
    for (let bucket = 0; bucket < METER_BUCKETS; bucket++) meter.record(2 ** bucket, NOW_MS + bucket * BUCKET_MS)
    const last = NOW_MS + WINDOW_MS - 1
    expect(meter.sum(last)).to.equal(2 ** METER_BUCKETS - 1)
    expect(meter.sum(last + BUCKET_MS)).to.equal(2 ** METER_BUCKETS - 2)
    expect(meter.sum(last + 11 * BUCKET_MS)).to.equal(2 ** (METER_BUCKETS - 1))
    expect(meter.sum(last + 12 * BUCKET_MS)).to.equal(0)
  })

  it('begins a bucket anew however long it was idle', () => {
    for (const laps of [1, 2, 9, 1000, 2 ** 18, 2 ** 18 + 1, 2 ** 19 - 9]) {
      const meter = meterOf()
      meter.record(5, NOW_MS)
      meter.record(3, NOW_MS + laps * WINDOW_MS)
      expect(meter.sum(NOW_MS + laps * WINDOW_MS), `${laps} laps`).to.equal(3)
    }
  })

  it('drops what comes a window too late', () => {
    const meter = meterOf()
    meter.record(5, NOW_MS)
    meter.record(3, NOW_MS - WINDOW_MS)
    expect(meter.sum(NOW_MS)).to.equal(5)
  })

  it('holds amounts beyond 2³¹, and stays at the most that a bucket can hold', () => {
    const meter = meterOf(3_600_000)
    meter.record(2 ** 40, NOW_MS)
    meter.record(2 ** 40, NOW_MS)
    expect(meter.sum(NOW_MS)).to.equal(2 ** 41)
    meter.record(Number.MAX_SAFE_INTEGER, NOW_MS)
    meter.record(1, NOW_MS)
    expect(meter.sum(NOW_MS)).to.equal(METER_AMOUNT_MAX)
  })
})
