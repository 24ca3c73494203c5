import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import { State } from '../../src/breaker/life/control-word.js'
import { Reason } from '../../src/breaker/life/transition-log.js'
import { attempt, drive, failing, small } from '../breaker/driver.js'
import { Arena, forSeeds } from './race.js'

const once = { ...small, permittedNumberOfCallsInHalfOpenState: 1 } as const

/** A circuit whose wait is over: the next call is a probe. */
function driveToProbes(options: Parameters<typeof drive>[0] = {}) {
  const driven = drive({ ...once, ...options })
  driven.breaker.transitionToOpen()
  driven.clock.pass(1000)
  return driven
}

describe('field reports: half-open', () => {
  it('field-report-01 threads that race the flip to half-open are admitted as often as permitted, not more', () => {
    forSeeds(300, (seed) => {
      const arena = new Arena(small, 4)
      arena.end(0).change(Reason.manual, () => ({ state: State.open }))
      arena.clock.pass(1000)
      const admitted = [0, 0, 0, 0]
      const body = (thread: number) => (circuit: ReturnType<Arena['end']>) => {
        let own = 0
        for (let call = 0; call < 3; call++) own += circuit.tryAcquire() === REFUSED ? 0 : 1
        admitted[thread] = own
      }
      arena.race([0, 1, 2, 3].map(body), seed)
      expect(
        admitted.reduce((sum, own) => sum + own, 0),
        `seed ${seed}`,
      ).to.equal(2)
    })
  })

  it('field-report-02 the last probe ends in an ignored error: its permission comes back', () => {
    const { breaker } = driveToProbes({ ignoreError: () => true })
    attempt(() => breaker.executeSync(failing))
    expect(breaker.snapshot()).to.deep.include({ state: 'half-open' }).and.nested.include({ 'total.ignored': 1 })
    breaker.executeSync(() => 'answered')
    expect(breaker.state).to.equal('closed')
  })

  it('field-report-03 a permission that is never reported comes back when its lease ends, and its late answer is stale', () => {
    const { breaker, clock } = driveToProbes({ leaseDurationMs: 5000 })
    const forgotten = breaker.tryAcquirePermission()
    clock.pass(4999)
    expect(breaker.tryAcquirePermission()).to.equal(REFUSED)
    clock.pass(1)
    const second = breaker.tryAcquirePermission()
    expect(breaker.isProbe(second)).to.equal(true)
    expect(breaker.onError(forgotten)).to.equal(false)
    expect(breaker.onSuccess(second)).to.equal(true)
    expect(breaker.state).to.equal('closed')
  })

  it('field-report-12 a probe that an inner breaker refuses gives the outer permission back', async () => {
    const outer = driveToProbes()
    const inner = drive(small)
    inner.breaker.forceOpen()
    const refusal = attempt(() => outer.breaker.executeSync(() => inner.breaker.executeSync(() => 'never')))
    expect(refusal).to.include({ code: 'ERR_CALL_NOT_PERMITTED', breaker: 'driven', state: 'forced-open' })
    await outer.breaker.execute(() => inner.breaker.execute(() => 'never')).catch(() => undefined)
    expect(outer.breaker.snapshot()).to.nested.include({ state: 'half-open', 'total.ignored': 2, 'total.error': 0 })
    inner.breaker.disable()
    outer.breaker.executeSync(() => inner.breaker.executeSync(() => 'answered'))
    expect(outer.breaker.state).to.equal('closed')
  })

  it('field-report-13 two breakers on one resource, out of step, both come back', () => {
    const outer = drive({ ...once, name: 'outer' })
    const inner = drive({ ...once, name: 'inner', waitDurationInOpenStateMs: 1500 })
    outer.breaker.transitionToOpen()
    inner.breaker.transitionToOpen()
    const call = () => attempt(() => outer.breaker.executeSync(() => inner.breaker.executeSync(() => 'answered')))
    for (let passed = 0; passed < 3000; passed += 100) {
      outer.clock.pass(100)
      inner.clock.pass(100)
      call()
    }
    expect([outer.breaker.state, inner.breaker.state]).to.deep.equal(['closed', 'closed'])
    expect(call()).to.equal('answered')
  })

  it('field-report-15 a probe that ends in an error of a kind not recorded decides, and half-open is left', () => {
    const { breaker } = driveToProbes({ recordError: () => false })
    attempt(() => breaker.executeSync(failing))
    expect(breaker.state).to.equal('closed')
  })

  it('field-report-23 a probe that fails opens the circuit again, however many calls a window must have', () => {
    const { breaker, clock, fail } = driveToProbes({ minimumCalls: 100 })
    fail()
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-failed', attempt: 2 })
    clock.pass(1000)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })

  it('field-report-26 a call begun before the flip is no probe, and its success closes nothing', () => {
    const { breaker, clock } = drive(once)
    const [first, second, third] = [1, 2, 3].map(() => breaker.tryAcquirePermission()) as [number, number, number]
    breaker.transitionToOpen()
    expect(breaker.onSuccess(first)).to.equal(false)
    expect(breaker.state).to.equal('open')
    clock.pass(1000)
    const probe = breaker.tryAcquirePermission()
    expect(breaker.onSuccess(second)).to.equal(false)
    expect(breaker.onError(third)).to.equal(false)
    expect(breaker.state).to.equal('half-open')
    breaker.onSuccess(probe)
    expect(breaker.snapshot()).to.nested.include({ state: 'closed', 'total.stale': 3, 'total.success': 1 })
  })

  it('field-report-27 a call that the limit of calls under way refuses spends no half-open permission', () => {
    const { breaker } = driveToProbes({ permittedNumberOfCallsInHalfOpenState: 2, maxConcurrentCalls: 1 })
    const first = breaker.tryAcquirePermission()
    for (let call = 0; call < 10; call++) {
      expect(breaker.tryAcquirePermission()).to.equal(REFUSED)
      expect(breaker.refusal()).to.include({ reason: 'limit', state: 'half-open' })
    }
    breaker.onSuccess(first)
    breaker.onSuccess(breaker.tryAcquirePermission())
    expect(breaker.state).to.equal('closed')
  })

  it('field-report-32 a probe that hangs, with no timeout, is made up for by another', async () => {
    const { breaker, clock } = driveToProbes({ leaseDurationMs: 5000 })
    let answer = (_text: string): void => undefined
    const hung = breaker.execute(() => new Promise<string>((resolve) => (answer = resolve)))
    expect(breaker.tryAcquirePermission()).to.equal(REFUSED)
    clock.pass(5000)
    expect(await breaker.execute(() => 'answered')).to.equal('answered')
    expect(breaker.state).to.equal('closed')
    answer('too late')
    expect(await hung).to.equal('too late')
    expect(breaker.snapshot().total).to.include({ success: 1, stale: 1 })
  })

  it('field-report-36 behind a probe that hangs nobody waits: each is refused at once', async () => {
    const { breaker } = driveToProbes()
    let answer = (): void => undefined
    const hung = breaker.execute(() => new Promise<void>((resolve) => (answer = resolve)))
    const behind = Array.from({ length: 10_000 }, () => breaker.execute(() => 'never'))
    const codes = await Promise.all(behind.map((call) => call.catch((error: { code?: string }) => error.code)))
    expect(new Set(codes)).to.deep.equal(new Set(['ERR_CALL_NOT_PERMITTED']))
    answer()
    await hung
    expect(breaker.state).to.equal('closed')
  })

  it('field-report-38 stale ignored errors give back no permission of another life', () => {
    const { breaker, clock } = drive({ ...small, ignoreError: () => true })
    const early = Array.from({ length: 48 }, () => breaker.tryAcquirePermission())
    breaker.transitionToOpen()
    clock.pass(1000)
    let admitted = 0
    for (const permission of early) {
      if (breaker.tryAcquirePermission() !== REFUSED) admitted += 1
      expect(breaker.onError(permission, new Error('ignored'))).to.equal(false)
    }
    expect(admitted).to.equal(2)
  })
})
