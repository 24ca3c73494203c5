import { once } from 'node:events'
import { setTimeout as after, setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
  SamplingBreaker,
} from 'cockatiel'
import CircuitBreaker from 'opossum'

type Body = () => Promise<unknown>

function deferred<Value>() {
  let resolve = (_value: Value): void => undefined
  let reject = (_error: Error): void => undefined
  const promise = new Promise<Value>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve: (value: Value) => resolve(value), reject: (error: Error) => reject(error) }
}

/** These show what is wrong in the release that is installed. One that goes red has been mended: say so in docs/field-reports.md. */
describe('field reports: peers that fail still', () => {
  describe('opossum 9.0.0', () => {
    let breaker: CircuitBreaker<[Body], unknown>

    function create(options: CircuitBreaker.Options): void {
      breaker = new CircuitBreaker((body: Body) => body(), {
        timeout: false,
        resetTimeout: 5,
        volumeThreshold: 1,
        errorThresholdPercentage: 1,
        ...options,
      } as CircuitBreaker.Options<[Body]>)
    }

    const fail = () => breaker.fire(() => Promise.reject(new Error('down'))).catch(() => undefined)

    /** A call under way while it opens and becomes half-open; gives what ends it. */
    async function overhang() {
      create({})
      const call = deferred<string>()
      const result = breaker.fire(() => call.promise).catch(() => undefined)
      const halfOpen = once(breaker, 'halfOpen')
      await fail()
      await halfOpen
      expect(breaker.halfOpen).to.equal(true)
      return { ...call, result }
    }

    afterEach(() => breaker.shutdown())

    it('field-report-31 the success of a call begun while closed closes a half-open circuit, and no probe was sent', async () => {
      const { resolve, result } = await overhang()
      resolve('of long ago')
      await result
      expect(breaker.closed).to.equal(true)
    })

    it('field-report-31 the failure of a call begun while closed re-opens a half-open circuit', async () => {
      const { reject, result } = await overhang()
      reject(new Error('of long ago'))
      await result
      expect(breaker.opened).to.equal(true)
    })

    it('field-report-32 behind a probe that hangs it refuses, ten waits later too', async () => {
      const { resolve } = await overhang()
      let ended = false
      void breaker.fire(() => new Promise(() => undefined)).finally(() => (ended = true))
      await after(50)
      const refusal = await breaker.fire(() => Promise.resolve('never')).catch((error: { code: string }) => error.code)
      expect(refusal).to.equal('EOPENBREAKER')
      expect(ended).to.equal(false)
      resolve('')
    })

    it('field-report-33 by a threshold of 100 % it never opens', async () => {
      create({ errorThresholdPercentage: 100, volumeThreshold: 5 })
      for (let call = 0; call < 50; call++) await fail()
      expect(breaker.closed).to.equal(true)
    })

    it('field-report-34 with a capacity of 2 there are 20 calls under way: each timeout gives a place back', async () => {
      create({ capacity: 2, timeout: 1, volumeThreshold: 1000 })
      let running = 0
      const hang = () => {
        running += 1
        return new Promise(() => undefined)
      }
      for (let round = 0; round < 10; round++) {
        await Promise.all([1, 2].map(() => breaker.fire(hang).catch(() => undefined)))
      }
      expect(running).to.equal(20)
    })

    it('field-report-35 one failure sorts the latencies of all calls in the window', async () => {
      create({ volumeThreshold: 1_000_000 })
      for (let call = 0; call < 20_000; call++) await breaker.fire(() => Promise.resolve(''))
      const sort = Array.prototype.sort
      let longest = 0
      Array.prototype.sort = function (...order) {
        longest = Math.max(longest, this.length)
        return sort.apply(this, order)
      }
      try {
        await fail()
      } finally {
        Array.prototype.sort = sort
      }
      expect(longest).to.be.at.least(20_000)
    })
  })

  describe('cockatiel 3.2.1', () => {
    const wallClock = Date.now
    let shiftMs = 0

    beforeEach(() => {
      shiftMs = 0
      const beganMs = wallClock()
      Date.now = () => beganMs + shiftMs
    })
    afterEach(() => {
      Date.now = wallClock
    })

    const failing = () => Promise.reject(new Error('down'))

    it('field-report-24 four failures, five idle minutes and one failure open it', async () => {
      const breaker = new SamplingBreaker({ threshold: 0.5, duration: 5000, minimumRps: 1 })
      const policy = circuitBreaker(handleAll, { breaker, halfOpenAfter: 1000 })
      for (let call = 0; call < 4; call++) await policy.execute(failing).catch(() => undefined)
      shiftMs += 300_000
      expect(policy.state).to.equal(CircuitState.Closed)
      await policy.execute(failing).catch(() => undefined)
      expect(policy.state).to.equal(CircuitState.Open)
    })

    it('field-report-36 behind a probe that hangs every caller waits', async () => {
      const policy = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 1000 })
      await policy.execute(failing).catch(() => undefined)
      shiftMs += 1000
      const probe = deferred<void>()
      const hung = policy.execute(() => probe.promise)
      let settled = 0
      const behind = Array.from({ length: 1000 }, () => policy.execute(() => undefined).finally(() => (settled += 1)))
      for (let turns = 0; turns < 10; turns++) await turn()
      expect(settled).to.equal(0)
      probe.resolve()
      await Promise.all([hung, ...behind])
      expect(settled).to.equal(1000)
    })

    it('field-report-37 a wall clock that is set an hour back keeps it open for that hour', async () => {
      const policy = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 1000 })
      await policy.execute(failing).catch(() => undefined)
      shiftMs -= 3_600_000
      for (let passedMs = 0; passedMs < 3_600_000; passedMs += 600_000) {
        const refusal = await policy.execute(() => undefined).catch((error) => error)
        expect(isBrokenCircuitError(refusal), `${passedMs} ms later`).to.equal(true)
        shiftMs += 600_000
      }
      shiftMs += 1000
      await policy.execute(() => undefined)
      expect(policy.state).to.equal(CircuitState.Closed)
    })
  })
})
