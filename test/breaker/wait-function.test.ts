import { expect } from 'chai'
import type { ThreadOptions } from '../../src/index.js'
import { drive, failing, small } from './driver.js'

describe('a wait interval function', () => {
  const warnings: (Error & { code?: string })[] = []
  const collect = (warning: Error) => warnings.push(warning)
  beforeEach(() => {
    warnings.length = 0
    process.on('warning', collect)
  })
  afterEach(() => process.off('warning', collect))

  /** Warnings are told a moment after they are given. */
  async function warned(): Promise<unknown[]> {
    await new Promise((resolve) => setImmediate(resolve))
    return warnings.map(({ code }) => code)
  }

  function driveOwn(waitIntervalFunction: NonNullable<ThreadOptions['waitIntervalFunction']>) {
    const driven = drive({ ...small, waitIntervalFunction })
    const waitMs = () => (driven.breaker.snapshot().retryAtMs ?? Number.NaN) - driven.clock.nowMs()
    return { ...driven, waitMs }
  }

  it('is asked with the attempt and the error that opened the circuit', async () => {
    const asked: [number, unknown][] = []
    const { breaker, clock, fail, waitMs } = driveOwn((attempt, error) => {
      asked.push([attempt, error])
      return attempt * 50
    })
    fail(3)
    const last = new Error('the last')
    breaker.onError(breaker.tryAcquirePermission(), last)
    expect(waitMs()).to.equal(50)
    clock.pass(50)
    const probe = new Error('the probe')
    breaker.onError(breaker.tryAcquirePermission(), probe)
    expect(waitMs()).to.equal(100)
    expect(asked).to.deep.equal([
      [1, last],
      [2, probe],
    ])
    expect(asked[0]?.[1]).to.equal(last)
    expect(await warned()).to.deep.equal([])
  })

  it('is asked without an error if there was none', () => {
    const asked: unknown[] = []
    const { breaker, fail, succeed } = driveOwn((...asking) => asked.push(asking) * 10)
    fail(3)
    succeed(1)
    expect(breaker.state).to.equal('open')
    breaker.reset()
    breaker.transitionToOpen()
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'manual' })
    expect(asked).to.deep.equal([
      [1, undefined],
      [1, undefined],
    ])
  })

  it('is not asked if the wait is given by hand', () => {
    const { breaker, waitMs } = driveOwn(failing)
    breaker.transitionToOpen(70)
    expect(waitMs()).to.equal(70)
  })

  it('decides for the end that has it, not for others', () => {
    const { breaker, another, fail, waitMs } = driveOwn(() => 77)
    const other = another({ waitIntervalFunction: () => 88 })
    const third = another()
    for (const [end, expectedMs] of [
      [breaker, 77],
      [other, 88],
      [third, 1000],
    ] as const) {
      fail(4, end)
      expect(waitMs()).to.equal(expectedMs)
      breaker.reset()
    }
  })

  for (const [given, waited] of [
    [0, 0],
    [0.5, 0.5],
    [undefined, 1000],
    [Number.POSITIVE_INFINITY, 2_147_483_647],
  ] as const) {
    it(`may give ${given}: the circuit waits ${waited} ms`, async () => {
      const { breaker, fail, waitMs } = driveOwn(() => given)
      fail(4)
      expect(breaker.state).to.equal('open')
      expect(waitMs()).to.equal(waited)
      expect(await warned()).to.deep.equal([])
    })
  }

  const wrong: [string, () => unknown][] = [
    ['throws', failing],
    ['gives NaN', () => Number.NaN],
    ['gives a negative number', () => -1],
    ['gives text', () => '100'],
    ['gives a promise', async () => 100],
    ['gives null', () => null],
    [
      'throws what has no text',
      () => {
        throw Object.create(null)
      },
    ],
  ]
  for (const [what, own] of wrong) {
    it(`that ${what} is not listened to: the circuit waits as configured, opens for all, and a warning says so`, async () => {
      const { breaker, another, clock, fail, waitMs } = driveOwn(own as () => number)
      const other = another()
      fail(4)
      expect(waitMs()).to.equal(1000)
      expect(other.snapshot()).to.include({ state: 'open', epoch: 1, attempt: 1 })
      clock.pass(999)
      expect(other.tryAcquirePermission()).to.equal(0)
      clock.pass(1)
      expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
      expect(await warned()).to.deep.equal(['BUSBAR_WAIT_FUNCTION'])
    })
  }

  it('that resets the circuit itself is obeyed: it is closed, and can open again', () => {
    let resets = 0
    const { breaker, clock, fail, waitMs } = driveOwn(() => {
      if (resets++ < 2) breaker.reset()
      return 60
    })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'reset', epoch: 1, calls: 0 })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'reset', epoch: 2, calls: 0 })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'failure-rate', epoch: 3, attempt: 1 })
    expect(waitMs()).to.equal(60)
    clock.pass(60)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })

  it('that resets the circuit when a probe fails is obeyed', () => {
    const { breaker, clock, fail } = driveOwn((attempt) => {
      if (attempt === 2) breaker.reset()
      return 60
    })
    fail(4)
    clock.pass(60)
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'reset', epoch: 3, attempt: 0 })
  })

  it('that opens the circuit by hand is obeyed', () => {
    const { breaker, fail, waitMs } = driveOwn(() => {
      breaker.transitionToOpen(5)
      return 60
    })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'manual', epoch: 1 })
    expect(waitMs()).to.equal(5)
  })

  it('that resets the circuit while it is opened by hand is asked once, and the circuit opens', () => {
    let asked = 0
    const { breaker, waitMs } = driveOwn(() => {
      asked += 1
      breaker.reset()
      return 60
    })
    breaker.transitionToOpen()
    expect([breaker.state, waitMs(), asked]).to.deep.equal(['open', 60, 1])
  })

  it('that detaches opens nothing from the slot that it gave back', () => {
    const { breaker, another } = drive(small)
    const end = another({
      waitIntervalFunction: () => {
        end.detach()
        return 60
      },
    })
    for (let call = 0; call < 4; call++) end.onError(end.tryAcquirePermission())
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 0, failures: 4 })
  })

  it('is not asked for a circuit that keeps its deadline while its rules change', () => {
    let asked = 0
    const { breaker, waitMs } = driveOwn(() => {
      asked += 1
      return 60
    })
    breaker.transitionToOpen()
    breaker.reconfigure({ minimumCalls: 3 })
    expect([breaker.state, waitMs(), asked]).to.deep.equal(['open', 60, 1])
  })
})
