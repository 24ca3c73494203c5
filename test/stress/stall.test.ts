import { expect } from 'chai'
import { stressEngine } from '../../src/stress/coordinator.js'
import { smallPlan } from './fixtures/plans.js'

/**
 * One thread, 200 calls a second for three seconds; one second after the start the backend holds the thread for a second. The 200
 * calls that were due meanwhile wait for 0 … 1,000 ms, evenly spread, so of all 600 a quarter wait for 250 ms or more, a tenth for
 * 700 or more. To count from when a call was begun would find one slow call. A busy machine can only make them wait longer.
 */
describe('stress: an open load whose backend stalls for a second', () => {
  it('has the stall in the latency of every call that it delayed', async () => {
    const plan = smallPlan({
      workers: 1,
      operation: 'blocking',
      load: { model: 'open', ratePerSecond: 200 },
      stages: [{ name: 'steady', role: 'steady', durationMs: 3000 }],
      downstream: {
        kind: 'simulated',
        behaviour: { latency: { type: 'constant', ms: 0 }, errorRate: 0, hangRate: 0, resetRate: 0 },
        // The first call within it holds the thread for longer than it lasts, so that it is one.
        faults: [{ fromMs: 1000, forMs: 400, override: { latency: { type: 'constant', ms: 1000 } } }],
        port: 0,
      },
      timeoutMs: 5000,
    })
    const [steady] = (await stressEngine.run(plan)).stages
    expect(steady?.started).to.be.within(590, 600)
    const waited = (percentile: number) =>
      steady?.latency.percentiles.find((point) => point.percentile >= percentile)?.ms ?? 0
    expect(waited(75)).to.be.at.least(230)
    expect(waited(90)).to.be.at.least(680)
    expect(steady?.latency.p99Ms).to.be.at.least(950)
    expect(steady?.latency.maxMs).to.be.at.least(990)
  })
})
