import { expect } from 'chai'
import { Pauses } from '../../src/profiler/pauses.js'
import { FakeClock } from '../fake-clock.js'

/** Pauses from 1,000 to 1,010 and from 1,050 to 1,080 milliseconds. */
function twoPauses() {
  const clock = new FakeClock(1000)
  const pauses = new Pauses(clock)
  pauses.measure(() => clock.pass(10))
  clock.pass(40)
  pauses.measure(() => clock.pass(30))
  return { clock, pauses }
}

describe('pauses of a thread', () => {
  it('tell what was done and how long it took', () => {
    const clock = new FakeClock()
    const measured = new Pauses(clock).measure(() => {
      clock.pass(7)
      return 'done'
    })
    expect(measured).to.deep.equal({ value: 'done', pauseMs: 7 })
  })

  it('sum up', () => {
    expect(twoPauses().pauses.totalMs).to.equal(40)
  })

  const spans: Record<string, [fromMs: number, toMs: number, ms: number]> = {
    'a call around both': [900, 1100, 40],
    'a call between them': [1010, 1050, 0],
    'a call that begins in the first and ends in the second': [1005, 1060, 15],
    'a call within one': [1055, 1065, 10],
    'a call before them': [900, 1000, 0],
    'a call after them': [1080, 1200, 0],
    'a call that begins as the last one ends': [1079, 1200, 1],
  }
  for (const [what, [fromMs, toMs, ms]] of Object.entries(spans)) {
    it(`take ${ms} ms of ${what}`, () => expect(twoPauses().pauses.between(fromMs, toMs)).to.equal(ms))
  }

  it('count what threw as well', () => {
    const clock = new FakeClock(0)
    const pauses = new Pauses(clock)
    const fail = () => {
      clock.pass(5)
      throw new Error('no')
    }
    expect(() => pauses.measure(fail)).to.throw('no')
    expect(pauses.between(0, 10)).to.equal(5)
  })

  it('forget the oldest when there are more than a thousand, but not their sum', () => {
    const clock = new FakeClock(0)
    const pauses = new Pauses(clock)
    for (let i = 0; i < 1100; i += 1) pauses.measure(() => clock.pass(1))
    expect(pauses.totalMs).to.equal(1100)
    expect(pauses.between(0, 1100)).to.equal(1024)
  })
})
