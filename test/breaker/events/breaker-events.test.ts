import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { DetachedError } from '../../../src/breaker/errors.js'
import { diagnosticsChannels } from '../../../src/breaker/events/diagnostics.js'
import { type BreakerEvent, EventKind } from '../../../src/breaker/events/event.js'
import { State } from '../../../src/breaker/life/control-word.js'
import { End, memory } from './rig.js'

function two() {
  const { handle } = memory()
  return { handle, one: new End(handle), other: new End(handle) }
}

function tell(end: End, kind: EventKind, atMs: number): void {
  end.log.emit(kind, end.lifecycle.life.life, atMs, 1)
}

/** The next event of a type that an end hears. */
function heard(end: End, type: 'stale' | 'error'): Promise<unknown> {
  return new Promise((resolve) => end.events.once(type, resolve))
}

describe('listening', () => {
  it('is for one event with `once`, and ended by `off` or by what `on` returned', async () => {
    const { one, other } = two()
    const calls: string[] = []
    const note = (name: string) => () => calls.push(name)
    const removed = note('removed')
    one.events.once('stale', note('once'))
    one.events.once('stale', removed)
    one.events.on('transition', removed)
    one.events.on('stale', note('on'))
    const stop = one.events.on('stale', note('stopped'))
    one.events.off('stale', removed)
    one.events.off('transition', removed)
    one.events.off('transition', removed)
    stop()
    stop()
    one.change()
    for (const time of [1, 2]) {
      const next = heard(one, 'stale')
      tell(other, EventKind.stale, time)
      await next
    }
    expect(calls).to.deep.equal(['once', 'on', 'on'])
  })

  it('takes away the last of the same function first, as EventEmitter does', async () => {
    const { one, other } = two()
    const calls: string[] = []
    const listener = () => calls.push('same')
    one.events.on('stale', listener)
    one.events.on('stale', () => calls.push('between'))
    one.events.on('stale', listener)
    one.events.off('stale', listener)
    const next = heard(one, 'stale')
    tell(other, EventKind.stale, 1)
    await next
    expect(calls).to.deep.equal(['same', 'between'])
  })

  it('asks for the outcome of calls until the last who wants one is gone', () => {
    const { one } = two()
    const listener = () => undefined
    one.events.once('success', listener)
    one.events.on('error', listener)
    const iterator = one.events.events('refused')
    const stop = one.events.publishCalls()
    one.events.off('success', listener)
    one.events.off('error', listener)
    void iterator.return?.()
    expect(one.isDemanded).to.equal(true)
    stop()
    stop()
    expect(one.isDemanded).to.equal(false)
  })

  it('refuses what is no event and no function, and an end that is detached', () => {
    const { one } = two()
    expect(() => one.events.on('sucess' as never, () => undefined)).to.throw(TypeError, 'there is no event "sucess"')
    expect(() => one.events.events('sucess' as never)).to.throw(TypeError, 'there is no event "sucess"')
    expect(() => one.events.on('error', undefined as never)).to.throw(TypeError, 'a listener must be a function')
    one.detach()
    expect(() => one.events.on('error', () => undefined)).to.throw(DetachedError)
    expect(() => one.events.events()).to.throw(DetachedError)
    expect(() => one.events.publishCalls()).to.throw(DetachedError)
    one.events.off('error', () => undefined)
  })

  it('says once that there are more listeners than anybody means to have', async () => {
    const { one } = two()
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    for (let count = 0; count < 105; count++) one.events.on('stale', () => undefined)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'circuit "heard" has more than 100 listeners in this thread; are they ever taken away?',
    ])
    one.detach()
  })
})

describe('iterating', () => {
  it('joins events of all types that were asked for', async () => {
    const { one, other } = two()
    const seen: string[] = []
    const iterator = one.events.events('transition', 'stale')
    tell(other, EventKind.threadRestored, 0)
    tell(other, EventKind.stale, 1)
    other.change(State.halfOpen)
    for await (const event of iterator) {
      seen.push(event.type === 'transition' ? `to ${event.to}` : `${event.type} at ${event.atMs}`)
      if (seen.length === 2) break
    }
    expect(seen).to.deep.equal(['to half-open', 'stale at 1'])
    expect(one.wakeAll()).to.equal(0)
  })

  it('of no type in particular gives all', async () => {
    const { one, other } = two()
    const iterator = one.events.events({ signal: new AbortController().signal })
    const types: string[] = []
    for (const kind of Object.values(EventKind)) tell(other, kind, 1)
    for (let count = 0; count < 8; count++) types.push((await iterator.next()).value?.type)
    expect(types).to.deep.equal([
      'success',
      'error',
      'ignored',
      'refused',
      'stale',
      'lease-reclaimed',
      'thread-cut-off',
      'thread-restored',
    ])
    one.detach()
  })

  it('ends when the thread detaches', async () => {
    const { one } = two()
    const iterator = one.events.events('transition')
    const waiting = iterator.next()
    one.detach()
    expect(await waiting).to.deep.equal({ value: undefined, done: true })
  })
})

describe('diagnostics channels', () => {
  /** What is published on all channels while `body` runs. */
  function published(body: () => void): [channel: string, event: BreakerEvent][] {
    const messages: [string, BreakerEvent][] = []
    const note = (event: unknown, name: string | symbol) => messages.push([String(name), event as BreakerEvent])
    const names = new Set(Object.values(diagnosticsChannels))
    for (const name of names) subscribe(name, note)
    try {
      body()
    } finally {
      for (const name of names) unsubscribe(name, note)
    }
    return messages
  }

  it('carry each event once, at once, in the thread in which it happened', () => {
    const { one, other } = two()
    other.events.on('transition', () => undefined)
    one.events.on('transition', () => undefined)
    const messages = published(() => {
      one.change(State.open)
      for (const kind of Object.values(EventKind)) tell(one, kind, 5)
    })
    expect(messages.map(([channel, { type }]) => `${channel} ${type}`)).to.deep.equal([
      'busbar:transition transition',
      'busbar:call success',
      'busbar:call error',
      'busbar:call ignored',
      'busbar:call refused',
      'busbar:stale stale',
      'busbar:lease-reclaimed lease-reclaimed',
      'busbar:thread-cut-off thread-cut-off',
      'busbar:thread-restored thread-restored',
    ])
    expect(messages[0]?.[1]).to.include({ from: 'closed', to: 'open', epoch: 1, thread: 0, lost: 0 })
    expect(messages[1]?.[1]).to.deep.equal({
      type: 'success',
      breaker: 'heard',
      epoch: 1,
      thread: 0,
      atMs: 5,
      durationMs: 1,
      lost: 0,
    })
  })

  it('say how long a call took only if somebody knows', () => {
    const { one } = two()
    const { life } = one.lifecycle.life
    const messages = published(() => {
      for (const durationMs of [0, 2.5, -1]) one.log.emit(EventKind.error, life, 5, durationMs)
    })
    expect(messages.map(([, event]) => 'durationMs' in event && event.durationMs)).to.deep.equal([0, 2.5, undefined])
  })

  it('carry what nobody listens to, and nothing of a thread that is detached', () => {
    const { one } = two()
    expect(published(() => one.change()).length).to.equal(1)
    one.detach()
    const messages = published(() => {
      one.change()
      tell(one, EventKind.stale, 1)
    })
    expect(messages).to.deep.equal([])
    expect(one.log.head, 'nor is it logged').to.equal(0)
  })

  it('carry a transition only from the thread that made it, not from one that sees it', () => {
    const { one, other } = two()
    const messages = published(() => {
      const life = other.change()
      one.lifecycle.life = { ...one.lifecycle.life, life }
      one.lifecycle.onNewLife?.()
    })
    expect(messages.map(([, event]) => event.thread)).to.deep.equal([1])
  })
})

describe('detaching', () => {
  it('leaves neither waiters nor demand nor listeners behind, after a thousand times', async () => {
    const { handle, one: stays } = two()
    for (let cycle = 0; cycle < 1000; cycle++) {
      const end = new End(handle)
      end.events.on('transition', () => undefined)
      end.events.on('success', () => undefined)
      end.events.once('stale', () => undefined)
      const waiting = end.events.events('error', 'refused').next()
      end.events.publishCalls()
      if (cycle % 10 === 0) tell(stays, EventKind.success, cycle)
      if (cycle % 7 === 0) stays.change(cycle % 2 ? State.open : State.closed)
      if (cycle % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
      end.detach()
      expect(end.isDemanded).to.equal(false)
      expect(end.lifecycle.onNewLife).to.equal(undefined)
      expect(await waiting).to.have.property('done')
      expect(stays.wakeAll(), `after ${cycle + 1}`).to.equal(0)
    }
  })

  it('takes nothing from the ends that stay', async () => {
    const { one, other } = two()
    const next = heard(one, 'error')
    const transition = new Promise((resolve) => one.events.once('transition', resolve))
    other.events.on('error', () => undefined)
    other.events.on('transition', () => undefined)
    other.detach()
    expect(one.isDemanded).to.equal(true)
    tell(one, EventKind.error, 3)
    one.change()
    expect(await next).to.include({ atMs: 3 })
    expect(await transition).to.include({ epoch: 1 })
  })
})
