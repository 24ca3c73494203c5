import { expect } from 'chai'
import { AttachError } from '../../../src/breaker/errors.js'
import { BreakerRegistry } from '../../../src/breaker/registry/breaker-registry.js'
import { RegistryMap } from '../../../src/breaker/registry/registry-map.js'
import { MemoryMap, type Sizes } from '../../../src/breaker/storage/memory-map.js'
import { SharedCircuitBreaker } from '../../../src/index.js'
import { attempt } from '../driver.js'

const sizes: Sizes = { slots: 4, leases: 2, buckets: 1, ring: 0, seats: 0, events: 16 }

describe('a registry’s memory', () => {
  it('is where ARCHITECTURE says', () => {
    const map = new RegistryMap(100, sizes)
    expect(map.entries, 'one more for each slot').to.equal(104)
    expect(map.defaults).to.equal(32)
    expect(map.listed(0)).to.equal(64)
    expect(map.listed(99)).to.equal(163)
    expect(map.taker(0)).to.equal(192)
    expect(map.nameLength(0)).to.equal(193)
    expect(map.name(0)).to.equal(194)
    expect(map.taker(1)).to.equal(258)
    expect(map.breaker(0)).to.equal(7072)
    expect(map.breaker(1) - map.breaker(0)).to.equal(new MemoryMap(0, sizes).size)
    expect(map.size).to.equal(map.breaker(104))
  })

  it('begins each breaker at a line, and no two parts overlap', () => {
    for (const capacity of [1, 2, 31, 32, 33, 1000]) {
      const map = new RegistryMap(capacity, sizes)
      expect(map.breaker(0) % 32).to.equal(0)
      expect(map.stride % 32).to.equal(0)
      expect(map.listed(0)).to.be.at.least(map.defaults + 32)
      expect(map.taker(0)).to.be.greaterThan(map.listed(capacity - 1))
      expect(map.taker(1)).to.equal(map.name(0) + 64)
      expect(map.breaker(0)).to.be.at.least(map.taker(map.entries))
    }
  })
})

describe('attach to a registry', () => {
  const registries: BreakerRegistry[] = []

  function create(): BreakerRegistry {
    const registry = BreakerRegistry.create({ capacity: 3 })
    registries.push(registry)
    return registry
  }

  afterEach(() => {
    for (const registry of registries.splice(0)) registry.detach()
  })

  function codeOf(handle: unknown): unknown {
    const error = attempt(() => BreakerRegistry.attach(handle as never))
    expect(error).to.be.instanceOf(AttachError)
    return (error as AttachError).code
  }

  function header(change: (cells: Int32Array) => void): unknown {
    const { handle } = create()
    change(new Int32Array(handle.buffer))
    return codeOf(handle)
  }

  it('refuses what is no handle', () => {
    expect(codeOf(undefined)).to.equal('ERR_NOT_A_BREAKER')
    expect(codeOf({ buffer: new ArrayBuffer(4096) })).to.equal('ERR_NOT_A_BREAKER')
  })

  it('refuses a foreign buffer, and a breaker’s', () => {
    expect(codeOf({ buffer: new SharedArrayBuffer(0) })).to.equal('ERR_NOT_A_BREAKER')
    expect(codeOf({ buffer: new SharedArrayBuffer(4096) })).to.equal('ERR_NOT_A_BREAKER')
    const breaker = SharedCircuitBreaker.create({ name: 'single' })
    expect(codeOf(breaker.handle)).to.equal('ERR_NOT_A_BREAKER')
    breaker.detach()
  })

  it('is not that to a breaker: a registry’s first cell is none', () => {
    const { handle } = create()
    expect(() => SharedCircuitBreaker.attach({ ...handle, name: 'x', firstCell: 0 }))
      .to.throw(AttachError)
      .with.property('code', 'ERR_NOT_A_BREAKER')
  })

  it('refuses a buffer that is cut short', () => {
    const { handle } = create()
    for (const bytes of [64, 1024, handle.buffer.byteLength - 128]) {
      const short = new SharedArrayBuffer(bytes)
      new Uint8Array(short).set(new Uint8Array(handle.buffer, 0, bytes))
      expect(codeOf({ buffer: short }), `${bytes} bytes`).to.equal('ERR_TRUNCATED')
    }
  })

  it('refuses a newer layout of the registry, or of its breakers', () => {
    expect(header((cells) => Atomics.add(cells, 1, 1))).to.equal('ERR_LAYOUT_VERSION')
    expect(header((cells) => Atomics.add(cells, 2, 1))).to.equal('ERR_LAYOUT_VERSION')
  })

  it('refuses a header that contradicts itself, whichever cell is another', () => {
    for (let cell = 3; cell < 12; cell++) {
      for (const value of [-1, 1024]) {
        expect(
          header((cells) => Atomics.store(cells, cell, value)),
          `cell ${cell}`,
        ).to.equal('ERR_NOT_A_BREAKER')
      }
    }
  })

  it('writes nothing', () => {
    const { handle } = create()
    const before = new Uint8Array(handle.buffer).slice()
    const end = BreakerRegistry.attach(handle)
    expect(end.names()).to.deep.equal([])
    end.detach()
    expect(new Uint8Array(handle.buffer).slice()).to.deep.equal(before)
  })
})
