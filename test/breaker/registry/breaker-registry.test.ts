import { setEnvironmentData } from 'node:worker_threads'
import { expect } from 'chai'
import { ConfigurationError, DetachedError } from '../../../src/breaker/errors.js'
import { BreakerRegistry } from '../../../src/breaker/registry/breaker-registry.js'
import { RegistryFullError, RegistryNotFoundError } from '../../../src/breaker/registry/errors.js'
import type { RegistryOptions } from '../../../src/breaker/registry/registry-options.js'
import { FakeClock } from '../../fake-clock.js'
import { attempt, failing } from '../driver.js'

describe('a registry', () => {
  const registries: BreakerRegistry[] = []

  function remember(registry: BreakerRegistry): BreakerRegistry {
    registries.push(registry)
    return registry
  }

  function create(options: RegistryOptions = {}, clock = new FakeClock()): BreakerRegistry {
    return remember(BreakerRegistry.create(options, { clock }))
  }

  /** Another thread's end of it. */
  function another(registry: BreakerRegistry, options = {}): BreakerRegistry {
    return remember(BreakerRegistry.attach(registry.handle, options, { clock: new FakeClock() }))
  }

  afterEach(() => {
    for (const registry of registries.splice(0)) registry.detach()
  })

  describe('creates a breaker', () => {
    it('with its defaults, and gives the same object each time', () => {
      const registry = create({ defaults: { minimumCalls: 7, initialState: 'metrics-only' } })
      const payments = registry.breaker('payments')
      expect(payments).to.equal(registry.breaker('payments'))
      expect(payments.snapshot()).to.deep.include({ name: 'payments', state: 'metrics-only' })
      expect(payments.snapshot().configuration).to.include({ minimumCalls: 7, failureRateThreshold: 0.5 })
      expect(registry.breaker('stock')).not.to.equal(payments)
    })

    it('that begins open if the defaults say so, for as long as its own rules say', () => {
      const clock = new FakeClock()
      const registry = create({ defaults: { initialState: 'open', waitDurationInOpenStateMs: 1000 } }, clock)
      const [payments, stock] = [
        registry.breaker('payments', { waitDurationInOpenStateMs: 3000 }),
        registry.breaker('stock'),
      ]
      clock.pass(1000)
      expect([payments, stock].map((breaker) => breaker.tryAcquirePermission() !== 0)).to.deep.equal([false, true])
      clock.pass(2000)
      expect(payments.tryAcquirePermission()).not.to.equal(0)
    })

    it('with the rules of the first that asks, in place of the defaults that they name', () => {
      const registry = create({ defaults: { minimumCalls: 7, timeoutMs: 100 } })
      const rules = { failureRateThreshold: 0.25, timeoutMs: undefined }
      const { configuration } = registry.breaker('payments', rules).snapshot()
      expect(configuration).to.include({ minimumCalls: 7, failureRateThreshold: 0.25, timeoutMs: undefined })
      const second = another(registry).breaker('payments', { failureRateThreshold: 0.75, minimumCalls: 0 })
      expect(second.snapshot().configuration).to.deep.equal(configuration)
    })

    it('for all of its threads, each with an end and with options of its own', () => {
      const registry = create({ defaults: { slidingWindow: { type: 'consecutive', size: 1 } } })
      const careless = another(registry, { recordError: () => false })
      attempt(() => careless.breaker('payments').executeSync(failing))
      expect(registry.breaker('payments').snapshot()).to.deep.include({ state: 'closed' })
      expect(registry.breaker('payments').snapshot().total).to.include({ success: 1, error: 0 })
      attempt(() => registry.breaker('payments').executeSync(failing))
      expect(careless.breaker('payments').state).to.equal('open')
      expect(careless.breaker('stock').state).to.equal('closed')
    })

    it('only if it is asked for: to look for a name creates none', () => {
      const registry = create({ capacity: 1 })
      expect([registry.has('payments'), registry.names()]).to.deep.equal([false, []])
      another(registry).breaker('payments')
      expect([registry.has('payments'), registry.names()]).to.deep.equal([true, ['payments']])
    })

    it('that has not been given a name of 1 to 128 code units: not', () => {
      const registry = create()
      for (const name of ['', 'x'.repeat(129), '👩'.repeat(65), undefined, 7]) {
        expect(() => registry.breaker(name as string), String(name))
          .to.throw(ConfigurationError, 'allowed: a string of 1 to 128 UTF-16 code units')
          .with.property('field', 'name')
      }
      expect(registry.names()).to.deep.equal([])
      expect(registry.breaker('👩'.repeat(64)).name).to.equal('👩'.repeat(64))
    })

    it('whose rules are not allowed, or need more room than the defaults: not, and takes no room for it', () => {
      const registry = create({ capacity: 1, defaults: { slidingWindow: { type: 'count', size: 50 } } })
      const cases = [
        [{ failureRateThreshold: 2 }, 'failureRateThreshold is 2'],
        [
          { permittedNumberOfCallsInHalfOpenState: 11 },
          'permittedNumberOfCallsInHalfOpenState is 11; allowed: at most 10',
        ],
        [{ slidingWindow: { type: 'count', size: 113 } }, 'slidingWindow.size is 113; allowed: at most 112'],
        [{ slidingWindow: { type: 'time', durationMs: 1000 } }, 'slidingWindow.buckets is 10; allowed: at most 0'],
        [{ maxConcurrentCalls: 1 }, 'maxConcurrentCalls is 1; allowed: at most 0'],
      ] as const
      for (const [rules, message] of cases) {
        expect(() => registry.breaker('payments', rules)).to.throw(ConfigurationError, message)
      }
      expect(registry.has('payments')).to.equal(false)
      expect(registry.breaker('payments', { slidingWindow: { type: 'count', size: 112 } }).state).to.equal('closed')
    })

    it('beyond its capacity: not, and says so', () => {
      const registry = create({ capacity: 2 })
      registry.breaker('first')
      another(registry).breaker('second')
      expect(() => registry.breaker('third'))
        .to.throw(RegistryFullError, `no room for breaker "third": the registry's capacity of 2 is reached`)
        .that.includes({ code: 'ERR_REGISTRY_FULL', breaker: 'third', capacity: 2, breakers: 2 })
      expect(registry.breaker('second').state).to.equal('closed')
      expect(registry.names()).to.deep.equal(['first', 'second'])
    })
  })

  describe('is refused', () => {
    const cases: [string, RegistryOptions, string][] = [
      ['without room', { capacity: 0 }, 'capacity is 0; allowed: a whole number from 1 to 65536'],
      ['with room for half a breaker', { capacity: 1.5 }, 'capacity is 1.5; allowed: a whole number from 1 to 65536'],
      ['with too much room', { capacity: 65_537 }, 'capacity is 65537; allowed: a whole number from 1 to 65536'],
      [
        'with more memory than cells can be numbered',
        { capacity: 65_536, maxThreads: 1024 },
        'capacity is 65536; allowed: l',
      ],
      ['without threads', { maxThreads: 0 }, 'maxThreads is 0; allowed: a whole number from 1 to 1024'],
      ['with defaults that are not allowed', { defaults: { minimumCalls: 0 } }, 'minimumCalls is 0; allowed: a whole'],
    ]
    for (const [what, options, message] of cases) {
      it(what, () => {
        expect(() => BreakerRegistry.create(options)).to.throw(ConfigurationError, message)
      })
    }
  })

  describe('detached', () => {
    it('detaches every breaker of this thread, and of no other', () => {
      const registry = create()
      const other = another(registry)
      const theirs = other.breaker('payments')
      const mine = ['payments', 'stock'].map((name) => registry.breaker(name))
      registry.detach()
      for (const breaker of mine) expect(() => breaker.tryAcquirePermission()).to.throw(DetachedError)
      expect(theirs.tryAcquirePermission()).not.to.equal(0)
      expect(theirs.snapshot().threads.filter(({ threadId }) => threadId !== undefined)).to.have.length(1)
      expect(
        other
          .breaker('stock')
          .snapshot()
          .threads.map(({ threadId }) => threadId),
      ).to.deep.equal([0])
    })

    it('creates none any more, but still tells which there are', () => {
      const registry = create()
      registry.breaker('payments')
      registry.detach()
      registry.detach()
      expect(() => registry.breaker('payments'))
        .to.throw(DetachedError)
        .with.property('code', 'ERR_DETACHED')
      expect(() => registry.breaker('stock')).to.throw(DetachedError)
      expect(registry.names()).to.deep.equal(['payments'])
    })
  })

  describe('published', () => {
    const key = 'registry of this test'

    afterEach(() => {
      setEnvironmentData(key, undefined)
    })

    it('is found, the same object each time; with options of its own it is another end', () => {
      const registry = create()
      registry.publish(key)
      expect(BreakerRegistry.find(key)).to.equal(registry)
      const own = remember(BreakerRegistry.find(key, { recordError: () => false }))
      expect(own).not.to.equal(registry)
      expect(own.handle).to.deep.equal(registry.handle)
      expect(BreakerRegistry.find(key)).to.equal(registry)
    })

    it('is found anew by a thread that has detached', () => {
      const registry = create()
      registry.publish(key)
      registry.breaker('payments')
      registry.detach()
      const anew = remember(BreakerRegistry.find(key))
      expect(anew).not.to.equal(registry)
      expect(anew).to.equal(BreakerRegistry.find(key))
      expect(anew.breaker('payments').state).to.equal('closed')
    })

    it('nowhere: not found, which is said with the key', () => {
      create().publish('another key')
      setEnvironmentData('another key', undefined)
      expect(() => BreakerRegistry.find(key))
        .to.throw(RegistryNotFoundError, `under "${key}"`)
        .that.includes({ code: 'ERR_REGISTRY_NOT_FOUND', key })
    })

    it('by somebody else: not taken for a registry', () => {
      for (const foreign of ['text', { buffer: new SharedArrayBuffer(8) }, { registry: true }]) {
        setEnvironmentData(key, foreign as never)
        expect(() => BreakerRegistry.find(key))
          .to.throw()
          .with.property('code', 'ERR_NOT_A_BREAKER')
      }
    })
  })
})
