import { expect } from 'chai'
import { retryAfterWait } from '../../../src/index.js'
import { wallTimeMs } from '../../../src/world/clock.js'
import { drive, small } from '../driver.js'

/** An error as HTTP clients throw it, with its headers where they put them. */
function thrown(extra: object): Error {
  return Object.assign(new Error('503'), extra)
}

describe('retryAfterWait', () => {
  const wait = retryAfterWait()

  it('reads seconds from wherever clients keep headers', () => {
    const places: [string, unknown][] = [
      ['headers', thrown({ headers: { 'retry-after': '120' } })],
      ['headers in capitals', thrown({ headers: { 'Retry-After': '120' } })],
      ['a number', thrown({ headers: { 'retry-after': 120 } })],
      ['response', thrown({ response: { headers: { 'retry-after': '120' } } })],
      ['cause', thrown({ cause: { headers: { 'retry-after': ' 120 ' } } })],
      ['Headers', thrown({ headers: new Headers({ 'Retry-After': '120' }) })],
      ['Headers of a response', thrown({ response: new Response(null, { headers: { 'retry-after': '120' } }) })],
      ['Headers of a cause', thrown({ cause: { headers: new Headers({ 'retry-after': '120' }) } })],
      ['an object that is no error', { headers: { 'retry-after': '120' } }],
    ]
    for (const [place, error] of places) expect(wait(1, error), place).to.equal(120_000)
  })

  it('looks further where headers say nothing of it', () => {
    const error = thrown({
      headers: new Headers(),
      response: { headers: {} },
      cause: { headers: { 'retry-after': '3' } },
    })
    expect(wait(1, error)).to.equal(3000)
  })

  it('reads a date, and waits for nothing if that has passed', () => {
    const inAMinute = new Date(Math.ceil(wallTimeMs() / 1000) * 1000 + 60_000).toUTCString()
    expect(wait(1, thrown({ headers: { 'retry-after': inAMinute } }))).to.be.within(50_000, 61_000)
    expect(wait(1, thrown({ headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }))).to.equal(0)
  })

  it('waits for no longer than it may', () => {
    const error = thrown({ headers: { 'retry-after': '999999' } })
    expect(wait(1, error)).to.equal(3_600_000)
    expect(retryAfterWait({ maxMs: 5000 })(1, error)).to.equal(5000)
    expect(retryAfterWait({ maxMs: 5000 })(1, thrown({ headers: { 'retry-after': '4' } }))).to.equal(4000)
  })

  it('says nothing without the header, or if it can’t be read', () => {
    for (const error of [undefined, null, 'text', 7, new Error('none'), thrown({ headers: null })]) {
      expect(wait(1, error)).to.equal(undefined)
    }
    for (const value of ['', 'soon', 'tomorrow morning', 'Mon, when it is up', {}, null]) {
      expect(wait(1, thrown({ headers: { 'retry-after': value } })), String(value)).to.equal(undefined)
    }
  })

  it('keeps a circuit open for as long as the answer asks for, else as configured', () => {
    const { breaker, clock } = drive({ ...small, minimumCalls: 1, waitIntervalFunction: retryAfterWait() })
    const asked: [Error, number][] = [
      [thrown({ response: { headers: new Headers({ 'retry-after': '7' }) } }), 7000],
      [thrown({}), 1000],
      [thrown({ headers: { 'retry-after': 'soon' } }), 1000],
    ]
    for (const [error, waitMs] of asked) {
      breaker.onError(breaker.tryAcquirePermission(), error)
      expect(breaker.snapshot().retryAtMs).to.equal(clock.nowMs() + waitMs)
      breaker.reset()
    }
  })

  it('takes for a date what HTTP calls one, and nothing else that Date.parse would', () => {
    for (const value of ['-1', '1.5', '+5', 0.5, 'May 1', '2001-05-01', 'try 5']) {
      expect(wait(1, thrown({ headers: { 'retry-after': value } })), String(value)).to.equal(undefined)
    }
    const inTenMinutes = new Date(wallTimeMs() + 600_000).toUTCString()
    const [, day, month, year, time] = inTenMinutes.split(' ')
    const forms = [
      inTenMinutes,
      `Sunday, ${day}-${month}-${year?.slice(2)} ${time} GMT`,
      `Sun ${month} ${day} ${time} ${year}`,
    ]
    for (const form of forms) {
      expect(wait(1, thrown({ headers: { 'retry-after': form } })), form).to.be.within(590_000, 600_000)
    }
  })
})
