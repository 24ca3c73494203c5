import { setEnvironmentData } from 'node:worker_threads'
import { expect } from 'chai'
import { BreakerRegistry } from '../../../src/breaker/registry/breaker-registry.js'
import { readRegistry } from '../../../src/breaker/registry/registry-map.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { RegistryThread } from './registry-thread.js'

/** As little memory for each breaker as there can be. */
const smallDefaults = {
  slidingWindow: { type: 'consecutive', size: 1 },
  permittedNumberOfCallsInHalfOpenState: 1,
  waitDurationInOpenStateMs: 0,
  eventCapacity: 16,
} as const

/** How many entries of the registry are somebody's. */
function taken({ handle }: BreakerRegistry): number {
  const cells = new AtomicCells(handle.buffer)
  const map = readRegistry(cells)
  return Array.from({ length: map.entries }, (_, entry) => cells.load(map.taker(entry))).filter(Boolean).length
}

describe('a registry on real threads', () => {
  const threads: RegistryThread[] = []
  const registries: BreakerRegistry[] = []

  function create(options: Parameters<typeof BreakerRegistry.create>[0]): BreakerRegistry {
    const registry = BreakerRegistry.create(options)
    registries.push(registry)
    return registry
  }

  function start(handle: ConstructorParameters<typeof RegistryThread>[0], count: number): RegistryThread[] {
    const started = Array.from({ length: count }, () => new RegistryThread(handle))
    threads.push(...started)
    return started
  }

  async function end(thread: RegistryThread): Promise<void> {
    threads.splice(threads.indexOf(thread), 1)
    await thread.terminate()
  }

  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
    for (const registry of registries.splice(0)) registry.detach()
    setEnvironmentData('busbar.registry', undefined)
  })

  it('has one breaker a name when eight threads ask for 200 names at once, and counts every call', async () => {
    const registry = create({ capacity: 200, defaults: smallDefaults })
    const names = Array.from({ length: 200 }, (_, index) => `service-${index}`)
    const gate = AtomicCells.allocate(1)
    const answers = start(registry.handle, 8).map((thread) =>
      thread.run({ do: 'call all', names, times: 5, gate: gate.buffer }),
    )
    gate.store(0, 1)
    gate.notify(0, Number.POSITIVE_INFINITY)
    const places = await Promise.all(answers)
    for (const place of places) expect(place).to.deep.equal(places[0])
    expect(new Set(places[0] as number[])).to.have.property('size', 200)
    expect(registry.names().sort()).to.deep.equal(names.sort())
    expect(taken(registry), 'those who came second gave back what they had taken').to.equal(200)
    const successes = names.map((name) => registry.breaker(name).snapshot().total.success)
    expect(successes).to.deep.equal(names.map(() => 40))
  })

  it('shows every thread what another has created, and what has become of it', async () => {
    const registry = create({ defaults: smallDefaults })
    const [first, second] = start(registry.handle, 2)
    expect(await first?.run({ do: 'fail', name: 'payments' })).to.equal('open')
    expect(registry.has('payments')).to.equal(true)
    expect(registry.names()).to.deep.equal(['payments'])
    expect(registry.breaker('payments', { slidingWindow: { type: 'consecutive', size: 9 } }).state).to.equal('open')
    expect(await second?.run({ do: 'take', name: 'payments' }), 'a probe').not.to.equal(0)
    expect(registry.breaker('payments').state).to.equal('half-open')
  })

  it('is found by a thread that was handed nothing', async () => {
    const registry = create({ defaults: smallDefaults })
    registry.publish()
    const [thread] = start('published', 1)
    expect(await thread?.run({ do: 'fail', name: 'found' })).to.equal('open')
    expect(registry.breaker('found').state).to.equal('open')
  })

  it('gives back what a dead thread held of a breaker of which nobody else has an end', async () => {
    const registry = create({ defaults: { ...smallDefaults, maxConcurrentCalls: 1 }, maxThreads: 1 })
    const [first] = start(registry.handle, 1)
    if (!first) return
    expect(await first.run({ do: 'fail', name: 'lonely' })).to.equal('open')
    expect(await first.run({ do: 'take', name: 'lonely' })).not.to.equal(0)
    expect(() => registry.breaker('lonely'))
      .to.throw()
      .with.property('code', 'ERR_TOO_MANY_THREADS')
    await end(first)
    const lonely = registry.breaker('lonely')
    expect(lonely.state).to.equal('half-open')
    expect(lonely.tryAcquirePermission(), 'the only probe and the only seat there are').not.to.equal(0)
  })

  it('loses no room to threads that are terminated while they create, and lists nothing that is not whole @stress', async () => {
    const registry = create({ capacity: 60_000, defaults: smallDefaults, maxThreads: 2 })
    for (let round = 0; round < 50; round++) {
      const [thread] = start(registry.handle, 1)
      if (!thread) return
      await thread.run({ do: 'create on', prefix: `victim-${round}` })
      const enough = registry.names().length + ((round * 37) % 100)
      while (registry.names().length < enough) await new Promise(setImmediate)
      await end(thread)
      expect(taken(registry), `after ${round + 1} threads`).to.equal(registry.names().length)
    }
    for (const name of registry.names()) {
      expect(name).to.match(/^victim-\d+-\d+$/)
      const breaker = registry.breaker(name)
      expect(breaker.snapshot()).to.include({ name, state: 'closed', epoch: 0 })
      expect(breaker.snapshot().threads.filter(({ threadId }) => threadId !== undefined)).to.have.length(1)
      breaker.detach()
    }
  })
})
