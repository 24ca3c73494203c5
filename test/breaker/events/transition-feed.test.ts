import { expect } from 'chai'
import type { Transition } from '../../../src/breaker/events/transition-feed.js'
import { State } from '../../../src/breaker/life/control-word.js'
import { RECORDS_PER_SLOT } from '../../../src/breaker/storage/memory-map.js'
import { End, memory } from './rig.js'

function two() {
  const { handle } = memory()
  return { handle, one: new End(handle), other: new End(handle) }
}

/** Listens, and comes back once the transition into an epoch was heard. */
function hear(end: End) {
  const heard: Transition[] = []
  let wanted = { epoch: -1, resolve: () => {} }
  const stop = end.events.on('transition', (transition) => {
    heard.push(transition)
    if (transition.epoch === wanted.epoch) wanted.resolve()
  })
  return {
    heard,
    stop,
    async until(epoch: number): Promise<void> {
      if (heard.at(-1)?.epoch !== epoch) await new Promise<void>((resolve) => (wanted = { epoch, resolve }))
    },
  }
}

describe('transition feed', () => {
  it('says from what to what, and what the decision rested on', () => {
    const { one } = two()
    const { heard } = hear(one)
    one.change(State.open)
    expect(heard).to.deep.equal([
      {
        type: 'transition',
        breaker: 'heard',
        from: 'closed',
        to: 'open',
        epoch: 1,
        reason: 'manual',
        atMs: 10,
        thread: 0,
        calls: 9,
        failures: 5,
        slow: 3,
        lost: 0,
      },
    ])
  })

  it('says how many were overwritten before a slow thread read them, round after round', async () => {
    const { one, other } = two()
    const { heard, until } = hear(one)
    let made = 0
    for (const round of [3, RECORDS_PER_SLOT, RECORDS_PER_SLOT + 1, 100, 1]) {
      for (let count = 0; count < round; count++) other.change(count % 2 ? State.closed : State.open)
      made += round
      await until(made)
      expect(
        heard.reduce((sum, { lost }) => sum + lost + 1, 0),
        `after ${made}`,
      ).to.equal(made)
    }
    expect(heard.map(({ lost }) => lost).filter((lost) => lost > 0)).to.deep.equal([1, 100 - RECORDS_PER_SLOT])
    expect(heard.map(({ epoch }) => epoch)).to.deep.equal([...new Set(heard.map(({ epoch }) => epoch))].sort(byNumber))
  })

  it('tells a listener of nothing before it began, nor after it stopped', async () => {
    const { one, other } = two()
    other.change(State.open)
    const first = hear(one)
    other.change(State.closed)
    await first.until(2)
    first.stop()
    other.change(State.open)
    const again = hear(one)
    other.change(State.closed)
    await again.until(4)
    expect([epochs(first.heard), epochs(again.heard)]).to.deep.equal([[2], [4]])
  })

  it('tells those who listen of what has happened before another begins, and the other of what comes then', async () => {
    const { one, other } = two()
    const first = hear(one)
    other.change(State.open)
    const second = hear(one)
    other.change(State.closed)
    await Promise.all([first.until(2), second.until(2)])
    expect([epochs(first.heard), epochs(second.heard)]).to.deep.equal([[1, 2], [2]])
  })

  it('tells one that begins anew while it is told of nothing that came in between', async () => {
    const { one, other } = two()
    const heard: Transition[] = []
    const stop = one.events.on('transition', (transition) => {
      heard.push(transition)
      stop()
      other.change(State.closed)
      one.events.on('transition', (later) => heard.push(later))
    })
    one.change(State.open)
    const { until } = hear(one)
    other.change(State.open)
    await until(3)
    expect(epochs(heard)).to.deep.equal([1, 3])
  })

  it('has one waiter at most, however often listeners come and go', async () => {
    const { one, other } = two()
    for (let round = 0; round < 20; round++) {
      const { stop } = hear(one)
      if (round % 3 === 0) other.change()
      stop()
      if (round % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
      hear(one).stop()
    }
    const { until } = hear(one)
    hear(one)
    const last = one.words.sequenceOf(other.change())
    await until(last)
    // The waiter is set again before the promise of its wake is done with.
    await new Promise((resolve) => setImmediate(resolve))
    expect(one.wakeAll()).to.equal(1)
  })

  it('sets no waiter while nobody listens, and leaves none behind', () => {
    const { one } = two()
    expect(one.wakeAll()).to.equal(0)
    const { stop } = hear(one)
    stop()
    expect(one.wakeAll()).to.equal(0)
  })

  it('tells of a transition before any event of the life that it began', async () => {
    const { one, other } = two()
    const order: string[] = []
    const done = new Promise<void>((resolve) => {
      one.events.on('error', ({ epoch }) => {
        order.push(`error in ${epoch}`)
        if (epoch === 2) resolve()
      })
    })
    one.events.on('transition', ({ epoch }) => order.push(`began ${epoch}`))
    for (let epoch = 1; epoch <= 2; epoch++) {
      const life = other.change()
      other.log.emit(2, life, 1, 1)
    }
    await done
    expect(order.indexOf('began 1')).to.be.lessThan(order.indexOf('error in 1'))
    expect(order.indexOf('began 2')).to.be.lessThan(order.indexOf('error in 2'))
    expect(order).to.have.length(4)
  })
})

function epochs(heard: readonly Transition[]): number[] {
  return heard.map(({ epoch }) => epoch)
}

function byNumber(one: number, other: number): number {
  return one - other
}
