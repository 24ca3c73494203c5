import { expect } from 'chai'
import { thrownBy } from '../thrown-by.js'
import { costing } from './costing.js'

const ask = { operation: 'ask' }

describe('a call in two steps', () => {
  it('holds money and permission until it is settled', () => {
    const { breaker, status } = costing()
    const reservation = breaker.reserve(ask)
    expect(reservation.estimate).to.equal(100)
    expect(status().reserved).to.equal(100)
    expect(reservation.settle(60)).to.deep.equal({ actual: 60, inTime: true, overrun: 0 })
    expect(status()).to.deep.equal({ committed: 60, reserved: 0, spent: 60 })
    expect(breaker.circuit.snapshot().total.success).to.equal(1)
  })

  it('can be released: then nothing was spent, and the circuit counts nothing', () => {
    const { breaker, status } = costing()
    breaker.reserve(ask).release()
    expect(status().committed).to.equal(0)
    expect(breaker.circuit.snapshot().total).to.include({ success: 0, error: 0, ignored: 1 })
  })

  it('can fail, for nothing or for what is said', () => {
    const { breaker, status } = costing()
    expect(breaker.reserve(ask).fail(new Error('down')).actual).to.equal(0)
    expect(breaker.reserve(ask).fail(new Error('down'), 30).actual).to.equal(30)
    expect(status()).to.deep.equal({ committed: 30, reserved: 0, spent: 30 })
    expect(breaker.circuit.snapshot().total.error).to.equal(2)
  })

  it('ends once', () => {
    const { breaker, status } = costing()
    const reservation = breaker.reserve(ask)
    reservation.settle(10)
    for (const again of [() => reservation.settle(10), () => reservation.release(), () => reservation.fail()]) {
      expect(thrownBy(again)).to.include({ code: 'ERR_RESERVATION_ENDED' })
    }
    expect(status().spent).to.equal(10)
    expect(breaker.circuit.snapshot().total).to.include({ success: 1, error: 0, ignored: 0 })
  })

  it('that is settled with what is no amount is still open', () => {
    const { breaker } = costing()
    const reservation = breaker.reserve(ask)
    expect(thrownBy(() => reservation.settle(0.5))).to.include({ code: 'ERR_CONFIGURATION', field: 'actual' })
    reservation.settle(5)
  })

  it('is refused by circuit, rule or budget', () => {
    const { breaker } = costing()
    expect(thrownBy(() => breaker.reserve({ ...ask, cost: 1001 }))).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
    // The permission was given back, and the circuit has judged nothing.
    expect(breaker.circuit.snapshot().total).to.include({ ignored: 1, success: 0, error: 0 })
    breaker.circuit.forceOpen()
    expect(thrownBy(() => breaker.reserve(ask))).to.include({ code: 'ERR_CALL_NOT_PERMITTED' })
  })
})
