import { expect } from 'chai'
import { inOwnThread } from '../../own-thread.js'
import { endOf, newEstimator } from './estimating.js'

const THREADS = 4
const COSTS = 20_000

describe('an estimator on real threads', () => {
  it('knows what the calls of all threads have cost, and how far off each estimate was', async () => {
    const handle = newEstimator({ operations: [{ name: 'chat', defaultAmount: 1 }] })
    const module = new URL('./thread.js', import.meta.url)
    const costs = [100, 200, 300, 400]
    await Promise.all(costs.map((cost) => inOwnThread(module, { handle, cost, times: COSTS })))
    const estimator = endOf(handle)
    const { estimates, meanAbsolutePercentageError, biasPercent } = estimator.accuracyOf('chat')
    expect(estimates).to.equal(THREADS * COSTS)
    // Each thread estimated half of what its calls cost.
    expect(meanAbsolutePercentageError).to.equal(50)
    expect(biasPercent).to.equal(-50)
    const { amount, method, confidence } = estimator.estimate({ operation: 'chat' })
    expect({ method, confidence }).to.deep.equal({ method: 'history', confidence: 0.8 })
    expect(amount).to.be.within(100, 600)
  })
})
