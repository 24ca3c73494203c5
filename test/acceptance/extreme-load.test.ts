import { expect } from 'chai'
import { judged, said } from './judged.js'

describe('extreme load @slow', function () {
  this.timeout(180_000)

  it('of a million requests, 2,000 in flight, keeps the transitions legal and every call counted', async () => {
    const report = await judged('extreme-load-async', { requests: 1_000_000, inFlight: 2000 })
    for (const verdict of report.verdicts.filter(({ checker }) => checker !== 'pass-marks')) {
      expect(verdict.result, said(report)).to.equal('valid')
    }
  })

  it('of 100 blocking threads keeps the transitions legal and every call counted', async () => {
    const report = await judged('extreme-load-sync')
    for (const verdict of report.verdicts.filter(({ checker }) => checker !== 'pass-marks')) {
      expect(verdict.result, said(report)).to.equal('valid')
    }
  })
})
