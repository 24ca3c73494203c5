import { expect } from 'chai'
import type { History } from '../../src/history/history.js'
import { checkLinearizable } from '../../src/history/linearizability.js'
import type { Specification } from '../../src/history/specification.js'
import { done, pending } from './operations.js'
import {
  compareAndSet,
  counter,
  dequeue,
  enqueue,
  increment,
  lock,
  type QueueAction,
  type QueueResult,
  queue,
  type RegisterAction,
  type RegisterResult,
  read,
  register,
  write,
} from './specifications.js'

type OnRegister = History<RegisterAction, RegisterResult>

const [x, y, z] = [1, 2, 3]

describe('the histories of Herlihy and Wing', () => {
  const verdictOf = (...history: History<QueueAction, QueueResult>) => checkLinearizable(queue, history).verdict

  it('are a queue’s when overlapping enqueues come out in either order', () => {
    const enqueues = [done('A', [0, 3], enqueue(x)), done('B', [1, 2], enqueue(y))]
    const inOneOrder = [done('B', [4, 6], dequeue, x), done('A', [5, 7], dequeue, y), done('A', [8, 9], enqueue(z))]
    const inTheOther = [done('B', [4, 7], dequeue, x), done('A', [5, 6], dequeue, y), done('A', [8, 9], enqueue(z))]
    expect(verdictOf(...enqueues, ...inOneOrder)).to.equal('valid')
    expect(verdictOf(...enqueues, ...inTheOther)).to.equal('valid')
  })

  it('are none when the later of two enqueues, one after the other, comes out first', () => {
    const history = [done('A', [0, 1], enqueue(x)), done('B', [2, 5], enqueue(y)), done('A', [3, 4], dequeue, y)]
    expect(verdictOf(...history)).to.equal('invalid')
  })

  it('are a queue’s when an item comes out while its enqueue is under way', () => {
    expect(verdictOf(done('A', [0, 3], enqueue(x)), done('B', [1, 2], dequeue, x))).to.equal('valid')
  })

  it('are none when an item comes out twice', () => {
    const enqueues = [done('A', [0, 3], enqueue(x)), done('B', [1, 2], enqueue(y))]
    expect(verdictOf(...enqueues, done('A', [4, 6], dequeue, y), done('C', [5, 7], dequeue, y))).to.equal('invalid')
  })

  it('are judged by real time, not by each thread’s own order alone: two queues, each by itself sequentially consistent', () => {
    type OnQueues = QueueAction & { readonly queue: 'p' | 'q' }
    const queues: Specification<readonly number[], OnQueues, QueueResult> = {
      initial: queue.initial,
      apply: queue.apply,
      partition: (on) => on.queue,
    }
    const history: History<OnQueues, QueueResult> = [
      done('A', [0, 1], { queue: 'p', ...enqueue(x) }),
      done('B', [2, 3], { queue: 'q', ...enqueue(y) }),
      done('A', [4, 5], { queue: 'q', ...enqueue(x) }),
      done('B', [6, 7], { queue: 'p', ...enqueue(y) }),
      done('A', [8, 9], { queue: 'p', ...dequeue }, y),
      done('B', [10, 11], { queue: 'q', ...dequeue }, x),
    ]
    expect(checkLinearizable(queues, history)).to.include({ verdict: 'invalid', parts: 2 })
  })
})

describe('a register', () => {
  const verdictOf = (...history: OnRegister) => checkLinearizable(register, history).verdict

  it('gives no stale read: a write that has returned is seen', () => {
    expect(verdictOf(done('A', [0, 1], write(1)), done('B', [2, 3], read, 0))).to.equal('invalid')
    expect(verdictOf(done('A', [0, 1], write(1)), done('B', [2, 3], read, 1))).to.equal('valid')
  })

  it('gives no new value and then the old one, though the write is still under way', () => {
    const during = (first: number, second: number) =>
      verdictOf(done('A', [0, 9], write(1)), done('B', [1, 2], read, first), done('C', [3, 4], read, second))
    expect(during(1, 0)).to.equal('invalid')
    expect([during(0, 0), during(0, 1), during(1, 1)]).to.deep.equal(['valid', 'valid', 'valid'])
  })

  it('is seen by two readers to change in one order only', () => {
    const writes = [done('A', [0, 9], write(1)), done('B', [0, 9], write(2))]
    const reader = (thread: string, first: number, second: number) => [
      done(thread, [10, 11], read, first),
      done(thread, [12, 13], read, second),
    ]
    expect(verdictOf(...writes, ...reader('C', 1, 1), ...reader('D', 1, 1))).to.equal('valid')
    expect(verdictOf(...writes, ...reader('C', 1, 1), ...reader('D', 2, 2))).to.equal('invalid')
  })

  it('lets one of two compare-and-sets succeed', () => {
    const race = (first: boolean, second: boolean) =>
      verdictOf(done('A', [0, 2], compareAndSet(0, 1), first), done('B', [1, 3], compareAndSet(0, 2), second))
    expect([race(true, false), race(false, true)]).to.deep.equal(['valid', 'valid'])
    expect([race(true, true), race(false, false)]).to.deep.equal(['invalid', 'invalid'])
  })

  it('takes an operation that returns at the moment another is called to overlap it', () => {
    expect(verdictOf(done('A', [0, 5], write(1)), done('B', [5, 6], read, 0))).to.equal('valid')
    expect(verdictOf(done('B', [5, 6], read, 0), done('A', [0, 5], write(1)))).to.equal('valid')
    expect(verdictOf(done('A', [0, 5], write(1)), done('B', [5.001, 6], read, 0))).to.equal('invalid')
  })

  it('may be judged from a history in any order', () => {
    expect(verdictOf(done('B', [2, 3], read, 1), done('A', [0, 1], write(1)))).to.equal('valid')
    expect(verdictOf(done('B', [2, 3], read, 0), done('A', [0, 1], write(1)))).to.equal('invalid')
  })
})

describe('an operation that never returned', () => {
  const verdictOf = (...history: OnRegister) => checkLinearizable(register, history).verdict

  it('has taken effect if that was seen', () => {
    expect(verdictOf(pending('A', 0, write(1)), done('B', [1, 2], read, 1))).to.equal('valid')
  })

  it('has not if that was not seen', () => {
    expect(verdictOf(pending('A', 0, write(1)), done('B', [1, 2], read, 0))).to.equal('valid')
  })

  it('may take effect long after', () => {
    const late = [done('B', [1, 2], read, 0), done('B', [3, 4], write(2)), done('B', [5, 6], read, 1)]
    expect(verdictOf(pending('A', 0, write(1)), ...late)).to.equal('valid')
  })

  it('takes effect once: it is not undone, nor done again', () => {
    const undone = [done('B', [1, 2], read, 1), done('B', [3, 4], read, 0)]
    expect(verdictOf(pending('A', 0, write(1)), ...undone)).to.equal('invalid')
    const again = [done('B', [1, 2], read, 1), done('B', [3, 4], write(2)), done('B', [5, 6], read, 1)]
    expect(verdictOf(pending('A', 0, write(1)), ...again)).to.equal('invalid')
  })

  it('takes no effect before it is called', () => {
    expect(verdictOf(done('B', [1, 2], read, 1), pending('A', 3, write(1)))).to.equal('invalid')
  })

  it('may have given anything, whatever it says that it gave', () => {
    const unsure = { thread: 'A', action: compareAndSet(0, 1), result: false, called: 0, returned: undefined }
    expect(verdictOf(unsure, done('B', [1, 2], read, 1))).to.equal('valid')
  })

  it('that has taken a lock keeps others out', () => {
    const acquire = (holder: number) => ({ do: 'acquire', holder }) as const
    const release = (holder: number) => ({ do: 'release', holder }) as const
    const attempt = (holder: number) => ({ do: 'try-acquire', holder }) as const
    const taken = [pending('A', 0, acquire(1)), done('B', [1, 2], attempt(2), false)]
    expect(checkLinearizable(lock, taken).verdict).to.equal('valid')
    expect(checkLinearizable(lock, [...taken, done('C', [3, 4], acquire(3))]).verdict).to.equal('invalid')
    const released = [...taken, pending('A', 3, release(1)), done('C', [3, 4], acquire(3))]
    expect(checkLinearizable(lock, released).verdict).to.equal('valid')
  })

  it('is a count that a counter may have or not', () => {
    const counted = (count: number) =>
      checkLinearizable(counter, [
        pending('A', 0, increment),
        done('B', [1, 2], increment),
        done('B', [3, 4], read, count),
      ])
    expect([0, 1, 2, 3].map((count) => counted(count).verdict)).to.deep.equal(['invalid', 'valid', 'valid', 'invalid'])
  })
})
