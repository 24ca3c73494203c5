import { expect } from 'chai'
import { Leases } from '../../src/breaker/admission/leases.js'
import { ControlWords } from '../../src/breaker/life/control-word.js'
import { MemoryMap } from '../../src/breaker/storage/memory-map.js'
import { claimSlot, claimsOfThread, neverUsed, releaseSlot } from '../../src/breaker/threads/thread-slots.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { attempt, drive, small } from './driver.js'

function emptyMap() {
  const map = new MemoryMap(0, { slots: 2, leases: 2, buckets: 0, ring: 0, seats: 0, events: 16 })
  return { map, cells: AtomicCells.allocate(map.size), words: new ControlWords(2) }
}

describe('slots', () => {
  it('are not taken from a thread that has not yet written its id, when the exit of the one before is seen late', () => {
    const { map, cells } = emptyMap()
    releaseSlot(cells, map, claimSlot(cells, map, 77), () => undefined)
    const store = cells.store
    let seenMeanwhile: unknown
    cells.store = (index, value) => {
      seenMeanwhile ??= claimsOfThread(cells, map, 77)
      store.call(cells, index, value)
    }
    const { slot } = claimSlot(cells, map, 88)
    expect(slot).to.equal(0)
    expect(seenMeanwhile).to.deep.equal([])
  })

  it('come back from a thread that died between its claim and its id, once however many saw it', () => {
    const { map, cells } = emptyMap()
    releaseSlot(cells, map, claimSlot(cells, map, 66), () => undefined)
    const store = cells.store
    cells.store = () => {
      throw new Error('dead')
    }
    expect(() => claimSlot(cells, map, 77)).to.throw('dead')
    cells.store = store
    expect(claimsOfThread(cells, map, 78)).to.deep.equal([])
    const claims = claimsOfThread(cells, map, 77)
    expect(claims.map(({ slot }) => slot)).to.deep.equal([0])
    let given = 0
    for (const claim of [...claims, ...claims]) releaseSlot(cells, map, claim, () => given++)
    expect(given).to.equal(1)
    expect(claimSlot(cells, map, 78).slot).to.equal(0)
    expect(claimsOfThread(cells, map, 77)).to.deep.equal([])
  })

  it('tell threads apart whose ids have the same low bits, and never become slots that were not used', () => {
    const { map, cells } = emptyMap()
    for (let round = 0; round < 2100; round++) {
      const claim = claimSlot(cells, map, round + 2 ** 20)
      expect(neverUsed(cells, map, 0)).to.equal(false)
      expect(claimsOfThread(cells, map, round)).to.deep.equal([])
      expect(claimsOfThread(cells, map, round + 2 ** 20)).to.deep.equal([claim])
      releaseSlot(cells, map, claim, () => undefined)
      expect(neverUsed(cells, map, 0)).to.equal(false)
    }
  })
})

describe('leases', () => {
  it('come back although their thread died before it could write the deadline', () => {
    const { map, cells, words } = emptyMap()
    const life = words.compose(3, 5, 0)
    const claim = new Leases(cells, map, words, 0).claim(life, 1, 1000)
    cells.store(map.lease(0) + 1, 0)
    const other = new Leases(cells, map, words, 1)
    expect(claim).not.to.equal(0)
    expect(other.reclaimExpired(life, 1, 5000, 100), 'given a deadline first').to.have.lengthOf(0)
    expect(other.reclaimExpired(life, 1, 5099, 100)).to.have.lengthOf(0)
    expect(other.reclaimExpired(life, 1, 5100, 100)).to.deep.equal([0])
    expect(other.claim(life, 1, 6000)).not.to.equal(0)
  })
})

describe('listeners', () => {
  it('that listen again from within are told of the next transition, not of this one again', () => {
    const { breaker, clock, fail } = drive(small)
    let heard = 0
    const listen = () => {
      const stop = breaker.onTransition(() => {
        heard += 1
        stop()
        listen()
      })
    }
    listen()
    fail(4)
    expect(heard).to.equal(1)
    clock.pass(1000)
    breaker.tryAcquirePermission()
    expect(heard).to.equal(2)
  })

  it('hear nothing of before they began to listen', () => {
    const { breaker, another, fail } = drive(small)
    const idle = another()
    const first: number[] = []
    const second: number[] = []
    idle.onTransition(({ epoch }) => first.push(epoch))
    fail(4)
    idle.onTransition(({ epoch }) => second.push(epoch))
    expect(first).to.deep.equal([1])
    expect(second).to.deep.equal([])
    expect(breaker.state).to.equal('open')
  })

  it('given twice, listen twice, and stop one by one', () => {
    const { breaker, fail } = drive(small)
    let heard = 0
    const listener = () => {
      heard += 1
    }
    const stop = breaker.onTransition(listener)
    breaker.onTransition(listener)
    stop()
    fail(4)
    expect(heard).to.equal(1)
  })

  it('may detach: the call under way takes nothing with it', () => {
    const { breaker, another, clock, fail } = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 1 })
    const leaving = another()
    leaving.onTransition(({ to }) => to === 'half-open' && leaving.detach())
    fail(4)
    clock.pass(1000)
    expect(attempt(() => leaving.tryAcquirePermission())).to.have.property('code', 'ERR_DETACHED')
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })

  it('may throw what has no text', async () => {
    const { breaker, fail } = drive(small)
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    breaker.onTransition(() => {
      throw Object.create(null)
    })
    fail(4)
    expect(breaker.state).to.equal('open')
    expect((await warned).message).to.include('a value that has no text')
  })
})
