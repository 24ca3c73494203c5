import { expect } from 'chai'
import { judged, said } from './judged.js'

describe('dead backend over HTTP, 40 calls/s over 8 workers @slow', function () {
  this.timeout(120_000)

  it('is spared by the shared breaker: a breaker in each worker lets at least five times as many calls through', async () => {
    const reached = new Map<string, number>()
    for (const target of ['shared', 'opossum', 'cockatiel']) {
      const report = await judged('dead-backend', { target, downstream: 'http' })
      expect(report.result, said(report)).to.equal('valid')
      reached.set(target, report.evidence.downstream.received)
    }
    const shared = reached.get('shared') ?? 0
    // Twenty calls open it; few can be under way at that moment, and one probe follows.
    expect(shared).to.be.within(20, 30)
    expect(reached.get('opossum')).to.be.at.least(5 * shared)
    expect(reached.get('cockatiel')).to.be.at.least(5 * shared)
  })
})
