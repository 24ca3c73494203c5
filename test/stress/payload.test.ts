import { expect } from 'chai'
import { Payload } from '../../src/stress/load/payload.js'

describe('stress: what a call allocates beside its breaker', () => {
  it('is held while the call goes on, and let go when it ends', () => {
    const payload = new Payload(2048)
    expect(payload.isHeld).to.equal(false)
    payload.take()
    expect(payload.isHeld).to.equal(true)
    payload.drop()
    expect(payload.isHeld).to.equal(false)
  })
})
