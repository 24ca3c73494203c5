import { expect } from 'chai'
import { EventIterator, ITERATOR_BUFFER_MAX } from '../../../src/breaker/events/event-iterator.js'

interface Numbered {
  readonly number: number
  readonly lost: number
}

function iterate(signal?: AbortSignal) {
  const state = { listening: false, ended: 0, hear: (_: Numbered) => {} }
  const iterator = new EventIterator<Numbered>(
    (hear) => {
      Object.assign(state, { listening: true, hear })
      return () => {
        state.listening = false
      }
    },
    signal,
    () => {
      state.ended += 1
    },
  )
  return {
    iterator,
    state,
    tell: (...numbers: number[]) => {
      for (const number of numbers) state.hear({ number, lost: 0 })
    },
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no rejection',
    (error) => error,
  )
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const done = { value: undefined, done: true }

describe('event iterator', () => {
  it('gives what came before it was asked, and what comes after, in order', async () => {
    const { iterator, tell } = iterate()
    tell(1, 2)
    const results = [iterator.next(), iterator.next(), iterator.next(), iterator.next()]
    tell(3, 4)
    expect((await Promise.all(results)).map(({ value }) => value?.number)).to.deep.equal([1, 2, 3, 4])
  })

  it('keeps so many for a slow reader, and counts the oldest that went on the next one read', async () => {
    const { iterator, tell } = iterate()
    tell(...range(ITERATOR_BUFFER_MAX + 4))
    expect((await iterator.next()).value).to.deep.equal({ number: 4, lost: 4 })
    expect((await iterator.next()).value).to.deep.equal({ number: 5, lost: 0 })
  })

  it('counts what was lost before an event that went', async () => {
    const { iterator, tell, state } = iterate()
    state.hear({ number: 0, lost: 7 })
    state.hear({ number: 1, lost: 2 })
    tell(...range(ITERATOR_BUFFER_MAX - 1))
    expect((await iterator.next()).value).to.deep.equal({ number: 1, lost: 10 })
  })

  it('stops listening when the loop is left', async () => {
    const { iterator, tell, state } = iterate()
    tell(1, 2)
    for await (const { number } of iterator) {
      expect(number).to.equal(1)
      break
    }
    expect(state).to.include({ listening: false, ended: 1 })
    expect(await iterator.next()).to.deep.equal(done)
  })

  it('ends for whoever waits when it is returned', async () => {
    const { iterator } = iterate()
    const waiting = [iterator.next(), iterator.next()]
    await iterator.return()
    expect(await Promise.all(waiting)).to.deep.equal([done, done])
  })

  it('still gives what came before its end', async () => {
    const { iterator, tell, state } = iterate()
    tell(1)
    iterator.end()
    iterator.end()
    expect(state).to.include({ listening: false, ended: 1 })
    expect((await iterator.next()).value?.number).to.equal(1)
    expect(await iterator.next()).to.deep.equal(done)
  })

  it('rejects once with the signal’s reason, after what came before', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const { iterator, tell, state } = iterate(controller.signal)
    tell(1)
    controller.abort(reason)
    expect(state).to.include({ listening: false, ended: 1 })
    expect((await iterator.next()).value?.number).to.equal(1)
    expect(await rejection(iterator.next())).to.equal(reason)
    expect(await iterator.next()).to.deep.equal(done)
  })

  it('rejects for whoever waits, and ends for the rest, when its signal is aborted', async () => {
    const controller = new AbortController()
    const { iterator } = iterate(controller.signal)
    const [first, second] = [rejection(iterator.next()), iterator.next()]
    controller.abort('enough')
    expect(await first).to.equal('enough')
    expect(await second).to.deep.equal(done)
  })

  it('never listens on a signal that is aborted already', () => {
    const signal = AbortSignal.abort(new Error('before'))
    expect(() => iterate(signal)).to.throw('before')
  })

  it('leaves no listener on its signal', async () => {
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: never) => {
      listeners.add(listener)
      add(type, listener)
    }
    signal.removeEventListener = (_: string, listener: never) => listeners.delete(listener) as never
    const { iterator } = iterate(signal)
    expect(listeners.size).to.equal(1)
    await iterator.return()
    expect(listeners.size).to.equal(0)
  })
})
