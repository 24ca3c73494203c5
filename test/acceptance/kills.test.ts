import { expect } from 'chai'
import { judged, said } from './judged.js'

describe('a hundred workers terminated during a run @slow', function () {
  this.timeout(180_000)

  for (const [scenario, workers] of [
    ['extreme-load-async', 8],
    ['extreme-load-sync', 16],
  ] as const) {
    it(`leaves the others working and the circuit opening and recovering: ${scenario}`, async () => {
      const report = await judged(scenario, { workers, kills: 100, durationMs: 5000 })
      const { workers: ended } = report.evidence
      expect(ended.filter(({ end }) => end === 'killed')).to.have.length(100)
      expect(ended.filter(({ end }) => end === 'failed')).to.have.length(0)
      // The last one killed has no successor if the run ends first.
      expect(ended.filter(({ end }) => end === 'finished').length).to.be.at.least(workers - 1)
      for (const checker of ['legal-transitions', 'conservation', 'outage-recovery', 'half-open-admission']) {
        expect(report.verdicts.find((verdict) => verdict.checker === checker)?.result, said(report)).to.equal('valid')
      }
    })
  }
})
