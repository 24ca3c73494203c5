import { expect } from 'chai'
import { EventKind, type LoggedType } from '../../../src/breaker/events/event.js'
import { hear, tell, turns } from './hearing.js'
import { dieAt, End, interrupt, memory } from './rig.js'

function two(changed = {}) {
  const shared = memory(changed)
  return { ...shared, one: new End(shared.handle), other: new End(shared.handle) }
}

describe('event feed', () => {
  it('tells every thread’s listeners of every thread’s events, in one order, each once', async () => {
    const { one, other } = two()
    const here = hear(one, 'stale')
    const there = hear(other, 'stale')
    tell(one, 1)
    tell(other, 2, 3)
    tell(one, 4)
    await Promise.all([here.count(4), there.count(4)])
    tell(other, 5)
    await Promise.all([here.count(5), there.count(5)])
    expect(here.times()).to.deep.equal([1, 2, 3, 4, 5])
    expect(there.heard).to.deep.equal(here.heard)
    expect(here.heard.map(({ thread, lost }) => `${thread} ${lost}`)).to.deep.equal(['0 0', '1 0', '1 0', '0 0', '1 0'])
  })

  it('says what happened, where, in which epoch, when and for how long', async () => {
    const { one, other } = two()
    const errors = hear(one, 'error')
    const lost = hear(one, 'lease-reclaimed')
    const life = other.change()
    other.log.emit(EventKind.error, life, 12.5, 3.25)
    other.log.emit(EventKind.leaseReclaimed, life, 13, -1, 3)
    expect(await errors.count(1)).to.deep.equal([
      { type: 'error', breaker: 'heard', epoch: 1, thread: 1, atMs: 12.5, durationMs: 3.25, lost: 0 },
    ])
    expect(await lost.count(1)).to.deep.equal([
      { type: 'lease-reclaimed', breaker: 'heard', epoch: 1, thread: 3, atMs: 13, durationMs: undefined, lost: 0 },
    ])
  })

  it('never runs a listener within the call that it is told of', async () => {
    const { one } = two()
    const stale = hear(one, 'stale')
    tell(one, 1)
    expect(stale.heard).to.deep.equal([])
    await stale.count(1)
  })

  it('tells a listener of nothing before it began, nor after it stopped', async () => {
    const { one, other } = two()
    tell(other, 1)
    const first = hear(one, 'stale')
    tell(other, 2)
    const second = hear(one, 'stale')
    tell(other, 3)
    await Promise.all([first.count(2), second.count(1)])
    first.stop()
    tell(other, 4)
    await second.count(2)
    expect(first.times()).to.deep.equal([2, 3])
    expect(second.times()).to.deep.equal([3, 4])
  })

  it('tells of what comes as positions, after 2³² of them, begin anew', async () => {
    const { one, other, cells, map } = two()
    cells.store(map.eventHead, -2)
    const stale = hear(one, 'stale')
    tell(other, 1, 2, 3, 4)
    await stale.count(4)
    expect(stale.heard.map(({ atMs, lost }) => ({ atMs, lost }))).to.deep.equal(
      [1, 2, 3, 4].map((atMs) => ({ atMs, lost: 0 })),
    )
  })

  it('tells of what happens at whatever step of beginning to listen', async () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other } = two()
      let stale: ReturnType<typeof hear> | undefined
      more = interrupt(
        one.cells,
        step,
        () => {
          stale = hear(one, 'stale')
        },
        () => tell(other, 7),
      )
      if (!more) return
      await stale?.count(1)
      expect(stale?.times(), `step ${step}`).to.deep.equal([7])
      one.detach()
    }
  })

  it('tells of what is written at whatever step of beginning to wait again', async () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other } = two()
      const stale = hear(one, 'stale')
      tell(other, 1)
      let steps = 0
      one.cells.onStep = () => {
        steps += 1
        if (steps === step) tell(other, 2)
      }
      await stale.count(1)
      await turns(3)
      one.cells.onStep = undefined
      more = steps >= step
      if (more) await stale.count(2)
      expect(stale.times(), `step ${step}`).to.deep.equal(more ? [1, 2] : [1])
      one.detach()
    }
  })

  it('says how many were overwritten before a slow listener read them, round after round', async () => {
    const { one, other } = two()
    const stale = hear(one, 'stale')
    let made = 0
    let heard = 0
    for (const round of [3, 20, 16, 17, 100, 1]) {
      tell(other, ...Array.from({ length: round }, () => made++))
      heard += Math.min(round, 16)
      await stale.count(heard)
      const lost = stale.heard.reduce((sum, event) => sum + event.lost, 0)
      expect(stale.heard.length + lost, `after ${made}`).to.equal(made)
      expect(stale.times().at(-1)).to.equal(made - 1)
    }
    expect(stale.heard.filter(({ lost }) => lost > 0).map(({ lost }) => lost)).to.deep.equal([4, 1, 84])
  })

  it('counts as lost what a listener was there for, and says so to each listener once', async () => {
    const { one, other } = two()
    const early = hear(one, 'stale')
    tell(other, ...Array.from({ length: 10 }, (_, index) => index))
    const late = hear(one, 'stale')
    const elsewhere = hear(one, 'thread-restored')
    tell(other, ...Array.from({ length: 20 }, (_, index) => 10 + index))
    other.log.emit(EventKind.threadRestored, other.lifecycle.life.life, 30, -1)
    await elsewhere.count(1)
    expect(early.heard.map(({ lost }) => lost)).to.deep.equal([15, ...Array(14).fill(0)])
    expect(late.heard.map(({ lost }) => lost)).to.deep.equal([5, ...Array(14).fill(0)])
    expect(elsewhere.heard.map(({ lost }) => lost)).to.deep.equal([5])
  })

  it('keeps the order across a writer that stands still, until its death is seen', async () => {
    const { one, other, handle } = two()
    const stale = hear(one, 'stale')
    const dead = new End(handle)
    // After the position was taken: say taking, add, …
    dieAt(dead.cells, 4, () => tell(dead, 1))
    expect(one.log.head).to.equal(1)
    tell(other, 2)
    await turns(10)
    expect(stale.heard).to.deep.equal([])
    dead.release()
    await stale.count(1)
    expect(stale.heard.map(({ atMs, lost }) => ({ atMs, lost }))).to.deep.equal([{ atMs: 2, lost: 1 }])
  })

  it('gives up one event, not more, for a writer that stands still while half of the log fills', async () => {
    const { one, other, handle } = two()
    const stale = hear(one, 'stale')
    const dead = new End(handle)
    dieAt(dead.cells, 4, () => tell(dead, 1))
    tell(other, 2, 3, 4, 5, 6, 7, 8)
    await turns(10)
    expect(stale.heard).to.deep.equal([])
    tell(other, 9)
    await stale.count(8)
    expect(stale.times()).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9])
    expect(stale.heard[0]?.lost).to.equal(1)
  })

  it('asks for the outcome of calls while somebody listens for it, and for nothing else', () => {
    const { one } = two()
    const demanded = (type: LoggedType) => {
      const { stop } = hear(one, type)
      const whileListening = one.isDemanded
      stop()
      stop()
      expect(one.isDemanded, type).to.equal(false)
      return whileListening
    }
    expect((['success', 'error', 'ignored', 'refused'] as const).map(demanded)).to.deep.equal(Array(4).fill(true))
    expect((['stale', 'lease-reclaimed', 'thread-cut-off', 'thread-restored'] as const).map(demanded)).to.deep.equal(
      Array(4).fill(false),
    )
  })

  it('neither reads nor waits while nobody listens', async () => {
    const { one, other } = two()
    tell(other, 1)
    const { stop } = hear(one, 'stale')
    stop()
    expect(one.wakeAll()).to.equal(0)
    let operations = 0
    one.cells.onStep = () => {
      operations += 1
    }
    tell(other, 2, 3)
    await turns(10)
    expect(operations).to.equal(0)
  })

  it('makes a listener’s error a process warning, and goes on', async () => {
    const { one, other } = two()
    const warnings: Error[] = []
    const warned = new Promise<void>((resolve) => {
      process.on('warning', function note(warning) {
        warnings.push(warning)
        if (warnings.length < 2) return
        process.off('warning', note)
        resolve()
      })
    })
    one.events.on('stale', () => {
      throw new Error('thrown')
    })
    one.events.on('stale', async () => {
      throw new Error('rejected')
    })
    const stale = hear(one, 'stale')
    tell(other, 1)
    await Promise.all([stale.count(1), warned])
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'a listener of circuit "heard" threw: Error: thrown',
      'a listener of circuit "heard" threw: Error: rejected',
    ])
    expect(warnings.every((warning) => (warning as { code?: string }).code === 'BUSBAR_LISTENER_THREW')).to.equal(true)
  })

  it('lets a listener stop, begin anew and detach', async () => {
    const { one, other } = two()
    const heard: number[] = []
    let rounds = 0
    const listen = () => {
      const stop = one.events.on('stale', ({ atMs }) => {
        heard.push(atMs)
        rounds += 1
        stop()
        if (rounds < 3) listen()
        else one.detach()
      })
    }
    listen()
    const stale = hear(other, 'stale')
    for (const time of [1, 2, 3, 4]) {
      tell(other, time)
      await stale.count(time)
      await turns(10)
    }
    expect(heard).to.deep.equal([1, 2, 3])
  })

  it('has one waiter at most, however often listeners come and go', async () => {
    const { one, other } = two()
    for (let round = 0; round < 20; round++) {
      const { stop } = hear(one, 'stale')
      if (round % 3 === 0) tell(other, round)
      stop()
      if (round % 5 === 0) await turns(3)
      const stopAgain = one.events.on('stale', () => undefined)
      stopAgain()
    }
    const { count } = hear(one, 'stale')
    hear(one, 'thread-restored')
    tell(other, 1)
    await count(1)
    await turns(10)
    expect(one.wakeAll()).to.equal(1)
  })

  it('lets the event loop turn under a storm of events', async () => {
    const { one, other } = two()
    let heard = 0
    // Each event is answered by another, so there is always one more.
    one.events.on('stale', () => {
      heard += 1
      if (heard < 100_000) tell(other, heard)
    })
    tell(other, 0)
    await turns(20)
    expect(heard).to.be.within(1, 10_000)
    one.detach()
  })
})
