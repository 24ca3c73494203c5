import { expect } from 'chai'
import { ControlWords, lifeOf, State, stateName, watched } from '../../../src/breaker/life/control-word.js'

describe('control word', () => {
  const words = new ControlWords(64)

  it('gives back the state, sequence number and slot that it was composed of', () => {
    const control = words.compose(State.halfOpen, 123_456, 63)
    expect(stateName(control)).to.equal('half-open')
    expect(words.sequenceOf(control)).to.equal(123_456)
    expect(words.slotOf(control)).to.equal(63)
  })

  it('counts on over the wrap of its sequence number', () => {
    const last = words.compose(State.open, 2 ** 23 - 1, 5)
    const next = words.next(last, State.halfOpen, 7)
    expect(words.sequenceOf(last)).to.equal(2 ** 23 - 1)
    expect(words.sequenceOf(next)).to.equal(0)
    expect(words.distance(words.sequenceOf(last), words.sequenceOf(next))).to.equal(1)
  })

  it('is a 32-bit number with every bit set too, so that a cell gives it back unchanged', () => {
    const control = words.compose(State.closed, 2 ** 23 - 1, 63)
    expect(control | 0).to.equal(control)
  })

  it('names different lives when two slots propose the next', () => {
    const from = words.compose(State.closed, 9, 0)
    expect(words.next(from, State.open, 1)).not.to.equal(words.next(from, State.open, 2))
  })

  it('stays the same life, and closed, when it is watched', () => {
    const control = words.compose(State.closed, 9, 3)
    expect(stateName(watched(control))).to.equal('closed')
    expect(lifeOf(watched(control))).to.equal(control)
    expect(watched(control)).not.to.equal(control)
  })

  it('is never 0, which refuses', () => {
    expect(words.compose(State.closed, 0, 0)).not.to.equal(0)
  })
})
