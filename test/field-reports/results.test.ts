import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import type { LoggedEvent } from '../../src/breaker/events/event.js'
import { attempt, drive, failing, small } from '../breaker/driver.js'

describe('field reports: results', () => {
  it('field-report-16 a stale result is counted, told to its caller, and an event', async () => {
    const { breaker } = drive(small)
    const told = new Promise<LoggedEvent>((resolve) => breaker.once('stale', resolve))
    const early = breaker.tryAcquirePermission()
    breaker.reset()
    expect(breaker.onError(early)).to.equal(false)
    expect(breaker.snapshot().total).to.include({ stale: 1, error: 0 })
    expect(await told).to.include({ type: 'stale', breaker: 'driven', epoch: 0 })
    breaker.detach()
  })

  it('field-report-17 an error while a result is recorded keeps neither permission nor seat', () => {
    const { breaker, clock } = drive({
      ...small,
      permittedNumberOfCallsInHalfOpenState: 1,
      maxConcurrentCalls: 1,
      recordError: () => {
        throw new Error('the predicate is broken')
      },
    })
    const overhanging = breaker.tryAcquirePermission()
    breaker.transitionToOpen()
    expect(breaker.onError(overhanging, new Error('late'))).to.equal(false)
    expect(breaker.snapshot().seatsTaken).to.equal(0)
    clock.pass(1000)
    attempt(() => breaker.executeSync(failing))
    expect(breaker.snapshot()).to.include({ seatsTaken: 0 }).and.not.include({ state: 'half-open' })
  })

  it('field-report-28 stale results take nothing from the number of calls under way', () => {
    const { breaker } = drive({ ...small, maxConcurrentCalls: 2 })
    const early = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission()]
    breaker.reset()
    for (const permission of [...early, ...early]) {
      expect(breaker.onSuccess(permission)).to.equal(false)
      expect(breaker.snapshot().seatsTaken).to.be.within(0, 2)
    }
    expect(breaker.snapshot().seatsTaken).to.equal(0)
    const after = [1, 2, 3].map(() => breaker.tryAcquirePermission())
    expect(after.filter((permission) => permission !== REFUSED)).to.have.length(2)
  })

  it('field-report-34 a timeout gives no seat back while the action runs: a capacity of 2 is never 20', async () => {
    const { breaker } = drive({ maxConcurrentCalls: 2, timeoutMs: 1, minimumCalls: 1000 })
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const action = () => {
      running += 1
      most = Math.max(most, running)
      return new Promise<void>((resolve) => ends.push(resolve)).then(() => (running -= 1))
    }
    const codes: unknown[] = []
    for (let round = 0; round < 10; round++) {
      const calls = [breaker.execute(action), breaker.execute(action)]
      codes.push(...(await Promise.all(calls.map((call) => call.catch((error: { code: string }) => error.code)))))
    }
    expect(most).to.equal(2)
    expect(codes.slice(0, 2)).to.deep.equal(['ERR_CALL_TIMEOUT', 'ERR_CALL_TIMEOUT'])
    expect(new Set(codes.slice(2))).to.deep.equal(new Set(['ERR_CALL_NOT_PERMITTED']))
    expect(breaker.snapshot().seatsTaken).to.equal(2)
    for (const end of ends) end()
    await Promise.resolve().then(() => Promise.resolve())
    await new Promise((resolve) => setImmediate(resolve))
    expect(breaker.snapshot().seatsTaken).to.equal(0)
  })
})
