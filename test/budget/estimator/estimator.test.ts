import { expect } from 'chai'
import type { EstimatorOptions } from '../../../src/budget/estimator/estimator-options.js'
import { PriceTable } from '../../../src/budget/estimator/prices.js'
import { thrownBy } from '../thrown-by.js'
import { endOf, newEstimator } from './estimating.js'

const options: EstimatorOptions = {
  operations: [
    { name: 'chat', defaultAmount: 700 },
    { name: 'embed', defaultAmount: 20 },
  ],
}
const prices = new PriceTable({ models: { small: { prices: { input: 2 } } } })

describe('an estimate', () => {
  it('is the price of its tokens where there is one', () => {
    const estimator = endOf(newEstimator(options), prices)
    estimator.record('chat', 5)
    expect(estimator.estimate({ operation: 'chat', model: 'small', tokens: { input: 100 } })).to.deep.equal({
      amount: 200,
      confidence: 0.9,
      method: 'prices',
    })
  })

  it('is the mean of the last costs and one standard deviation where there is none', () => {
    const estimator = endOf(newEstimator(options), prices)
    // Mean 5, standard deviation √(32 ÷ 7) = 2.138…
    for (const cost of [2, 4, 4, 4, 5, 5, 7, 9]) estimator.record('chat', cost)
    const expected = { amount: 8, confidence: 0.08, method: 'history' }
    for (const asked of [
      {},
      { model: 'large', tokens: { input: 100 } },
      { model: 'small', tokens: { output: 1 } },
      { model: 'small', tokens: {} },
      { model: 'small' },
      { tokens: { input: 100 } },
    ]) {
      expect(estimator.estimate({ operation: 'chat', ...asked })).to.deep.equal(expected)
    }
  })

  it('is the default of the operation where nothing is known', () => {
    const estimator = endOf(newEstimator(options))
    estimator.record('chat', 5)
    expect(estimator.estimate({ operation: 'embed' })).to.deep.equal({ amount: 20, confidence: 0.3, method: 'default' })
  })

  it('is trusted by a hundredth for each cost that is known, and 0.8 at most', () => {
    const estimator = endOf(newEstimator({ ...options, historySize: 200 }))
    const confidence = () => estimator.estimate({ operation: 'chat' }).confidence
    for (let cost = 1; cost <= 60; cost++) estimator.record('chat', cost)
    expect(confidence()).to.equal(0.6)
    for (let cost = 1; cost <= 60; cost++) estimator.record('chat', cost)
    expect(confidence()).to.equal(0.8)
  })

  it('forgets all costs but the last so many', () => {
    const estimator = endOf(newEstimator({ ...options, historySize: 10 }))
    for (let count = 0; count < 10; count++) estimator.record('chat', 1_000_000)
    for (let count = 0; count < 9; count++) estimator.record('chat', 50)
    expect(estimator.estimate({ operation: 'chat' }).amount).to.be.above(50)
    estimator.record('chat', 50)
    expect(estimator.estimate({ operation: 'chat' })).to.deep.equal({ amount: 50, confidence: 0.1, method: 'history' })
  })

  it('follows each new cost', () => {
    const handle = newEstimator(options)
    const [one, other] = [endOf(handle), endOf(handle)]
    for (const cost of [100, 300, 200]) {
      one.record('chat', cost)
      expect(other.estimate({ operation: 'chat' }).method).to.equal('history')
    }
    expect(other.estimate({ operation: 'chat' }).amount).to.equal(300)
  })

  it('remembers costs exactly up to 33.554431, and larger ones to one part in 33 million', () => {
    for (const cost of [0, 1, 2 ** 25 - 1, 2 ** 25, 2 ** 31, 2 ** 40, 2 ** 53 - 2 ** 28]) {
      const estimator = endOf(newEstimator(options))
      estimator.record('chat', cost)
      expect(estimator.estimate({ operation: 'chat' }).amount, `${cost}`).to.equal(cost)
    }
    for (const cost of [2 ** 25 + 1, 2 ** 31 - 1, 123_456_789_012_345, 2 ** 53 - 1]) {
      const estimator = endOf(newEstimator(options))
      estimator.record('chat', cost)
      expect(estimator.estimate({ operation: 'chat' }).amount / cost, `${cost}`).to.be.closeTo(1, 2 ** -25)
    }
  })
})

describe('the accuracy of estimates', () => {
  it('is the mean of their errors in percent, and which way they are off', () => {
    const estimator = endOf(newEstimator(options))
    expect(estimator.accuracyOf('chat')).to.deep.equal({
      estimates: 0,
      meanAbsolutePercentageError: undefined,
      biasPercent: undefined,
      costsOfNothing: 0,
    })
    estimator.record('chat', 100, 150)
    estimator.record('chat', 100, 75)
    estimator.record('chat', 200, 200)
    estimator.record('chat', 0, 10)
    estimator.record('chat', 5)
    const { estimates, meanAbsolutePercentageError, biasPercent, costsOfNothing } = estimator.accuracyOf('chat')
    expect({ estimates, costsOfNothing }).to.deep.equal({ estimates: 3, costsOfNothing: 1 })
    expect(meanAbsolutePercentageError).to.be.closeTo(25, 1e-4)
    expect(biasPercent).to.be.closeTo(25 / 3, 1e-4)
    expect(estimator.accuracyOf('embed').estimates).to.equal(0)
  })

  it('counts an error for 100,000 % at most', () => {
    const estimator = endOf(newEstimator(options))
    estimator.record('chat', 1, 2 ** 53 - 1)
    expect(estimator.accuracyOf('chat').meanAbsolutePercentageError).to.equal(100_000)
  })
})

describe('an estimator', () => {
  it('knows no operation that it was not created for', () => {
    const estimator = endOf(newEstimator(options))
    for (const use of [
      () => estimator.estimate({ operation: 'draw' }),
      () => estimator.record('draw', 1),
      () => estimator.accuracyOf('constructor'),
    ]) {
      expect(thrownBy(use)).to.include({ code: 'ERR_UNKNOWN_OPERATION' })
    }
  })

  it('takes no cost that is no amount', () => {
    const estimator = endOf(newEstimator(options))
    for (const cost of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => estimator.record('chat', cost)).to.throw(RangeError)
    expect(estimator.estimate({ operation: 'chat' }).method).to.equal('default')
  })

  it('is of the settings alone that its memory was made with', () => {
    const { buffer } = newEstimator(options)
    const error = thrownBy(() => endOf({ buffer, options: { ...options, historySize: 99 } }))
    expect(error).to.include({ code: 'ERR_CONFIGURATION', field: 'settings' })
  })

  const refused: [field: string, given: unknown][] = [
    ['operations', {}],
    ['operations', { operations: [] }],
    ['name', { operations: [{ name: '', defaultAmount: 1 }] }],
    ['operations[0].defaultAmount', { operations: [{ name: 'chat', defaultAmount: 0.5 }] }],
    ['operations[1].name', { operations: [options.operations[0], options.operations[0]] }],
    ['historySize', { ...options, historySize: 1001 }],
    ['historySize', { ...options, historySize: 0 }],
  ]
  for (const [field, given] of refused) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      const error = thrownBy(() => newEstimator(given as EstimatorOptions))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field })
    })
  }
})
