import { expect } from 'chai'
import { behaviourAt, DownstreamError } from '../../src/downstream.js'
import { examplePlan } from './example-plan.js'

describe('behaviourAt', () => {
  const plan = examplePlan({
    behaviour: { errorRate: 0.1, hangRate: 0.2 },
    downstream: {
      faults: [
        { fromMs: 100, forMs: 100, override: { errorRate: 0.5, resetRate: 0.3 } },
        { fromMs: 150, forMs: 100, override: { errorRate: 0.7 } },
      ],
    },
  })

  it('is the plan’s own where nothing overrides it', () => {
    expect(behaviourAt(plan, 0, 0)).to.deep.equal(plan.downstream.behaviour)
  })

  it('is the plan’s own before the gate opens and while the run drains', () => {
    expect(behaviourAt(plan, -1, -1)).to.deep.equal(plan.downstream.behaviour)
    expect(behaviourAt(plan, 2, 0)).to.deep.equal(plan.downstream.behaviour)
  })

  it('takes what the stage overrides, and leaves the rest', () => {
    expect(behaviourAt(plan, 1, 0)).to.include({ errorRate: 1, hangRate: 0.2 })
  })

  it('puts the fault script before the stage', () => {
    expect(behaviourAt(plan, 1, 100)).to.include({ errorRate: 0.5, resetRate: 0.3, hangRate: 0.2 })
  })

  it('puts a later entry of the fault script before an earlier one', () => {
    expect(behaviourAt(plan, 0, 160)).to.include({ errorRate: 0.7, resetRate: 0.3 })
  })

  it('counts a fault’s first millisecond in and its end out', () => {
    expect(behaviourAt(plan, 0, 99.9).resetRate).to.equal(0)
    expect(behaviourAt(plan, 0, 100).resetRate).to.equal(0.3)
    expect(behaviourAt(plan, 0, 200).resetRate).to.equal(0)
  })
})

describe('DownstreamError', () => {
  it('has a stable code and no stack', () => {
    const error = new DownstreamError('timeout', 'too late')
    expect(error.code).to.equal('ERR_DOWNSTREAM_TIMEOUT')
    expect(error).to.be.instanceOf(Error)
    expect(error.stack ?? '').not.to.include('\n')
  })

  it('leaves the depth of other errors’ stacks as it was', () => {
    const before = Error.stackTraceLimit
    new DownstreamError('error', 'no')
    expect(Error.stackTraceLimit).to.equal(before)
  })
})
