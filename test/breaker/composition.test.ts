import { expect } from 'chai'
import { SharedCircuitBreaker } from '../../src/index.js'
import { FakeClock } from '../fake-clock.js'
import { attempt, failing, small } from './driver.js'

function nested() {
  const clock = new FakeClock()
  const outer = SharedCircuitBreaker.create({ ...small, name: 'outer' }, { clock })
  const inner = SharedCircuitBreaker.create({ ...small, name: 'inner', waitDurationInOpenStateMs: 60_000 }, { clock })
  const call = (action: () => unknown) => attempt(() => outer.executeSync(() => inner.executeSync(action)))
  return { clock, outer, inner, call }
}

describe('breakers within one another', () => {
  it('count a failure in both, and the refusal of the inner one in the outer as ignored', () => {
    const { outer, inner, call } = nested()
    inner.transitionToOpen()
    for (let count = 0; count < 10; count++) {
      expect(call(failing)).to.include({ code: 'ERR_CALL_NOT_PERMITTED', breaker: 'inner' })
    }
    expect(outer.state).to.equal('closed')
    expect(outer.snapshot().total).to.include({ ignored: 10, error: 0 })
    inner.reset()
    call(failing)
    expect([outer, inner].map((breaker) => breaker.snapshot().total.error)).to.deep.equal([1, 1])
  })

  it('give the outer probe back when the inner one refuses, so that the outer can still decide', async () => {
    const { clock, outer, inner, call } = nested()
    outer.transitionToOpen()
    inner.transitionToOpen()
    clock.pass(1000)
    for (let count = 0; count < 10; count++) {
      expect(call(() => 'done')).to.include({ breaker: 'inner' })
      const refusal = await outer.execute(() => inner.execute(() => 'done')).catch((error) => error)
      expect(refusal).to.include({ breaker: 'inner' })
    }
    expect(outer.state).to.equal('half-open')
    inner.reset()
    for (let count = 0; count < 2; count++) expect(call(() => 'done')).to.equal('done')
    expect(outer.state).to.equal('closed')
  })

  it('know a refusal that a user wrapped by nothing but its own: a wrapper is an error like others', () => {
    const { outer, inner } = nested()
    inner.transitionToOpen()
    const wrapped = () => {
      const cause = attempt(() => inner.executeSync(() => 'done'))
      throw new Error('lookup failed', { cause })
    }
    attempt(() => outer.executeSync(wrapped))
    expect(outer.snapshot().total).to.include({ error: 1, ignored: 0 })
  })
})
