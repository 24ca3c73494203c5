import { expect } from 'chai'
import { type History, HistoryError } from '../../src/history/history.js'
import { checkLinearizable } from '../../src/history/linearizability.js'
import type { Specification } from '../../src/history/specification.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { FakeClock } from '../fake-clock.js'
import { editToInvalid, validHistory } from './generated.js'
import { type Kind, mapsOf, registers } from './kinds.js'
import { done, pending } from './operations.js'
import {
  type MapAction,
  mapOfRegisters,
  type RegisterAction,
  type RegisterResult,
  read,
  register,
  write,
} from './specifications.js'

type OnRegister = History<RegisterAction, RegisterResult>
type OnMap = History<MapAction, RegisterResult>

/** Each look at it takes so long, so that a time limit is a number of turns. */
class ImpatientClock extends FakeClock {
  constructor(private readonly lookMs = 1) {
    super()
  }

  override nowMs(): number {
    this.pass(this.lookMs)
    return super.nowMs()
  }
}

/** So many writes at once, and then a read of what none of them wrote: every order of them must be ruled out. */
function unreadable(writes: number): OnRegister {
  const together = Array.from({ length: writes }, (_, index) => done(`W${index}`, [0, 100], write(index + 1)))
  return [...together, done('R', [101, 102], read, -1)]
}

const onKey = (key: number, history: OnRegister): OnMap =>
  history.map((operation) => ({ ...operation, action: { ...operation.action, key } }))

describe('a history is refused', () => {
  const right = done('A', [0, 1], write(1))
  const refused: Record<string, [operation: object, message: string]> = {
    'that returned before it was called': [
      { called: 5, returned: 4 },
      'operation 1: returned is 4; allowed: a number above called, which is 5',
    ],
    'that returned at the moment of its call': [
      { called: 5, returned: 5 },
      'operation 1: returned is 5; allowed: a number above called, which is 5',
    ],
    'that returned at no time': [
      { called: 5, returned: Number.NaN },
      'operation 1: returned is NaN; allowed: a number above called, which is 5',
    ],
    'that was called at no time': [
      { called: Number.NaN, returned: 5 },
      'operation 1: called is NaN; allowed: a number',
    ],
    'whose call is a text': [{ called: '3', returned: 5 }, 'operation 1: called is 3; allowed: a number'],
    'that was never called': [{ returned: 5 }, 'operation 1: called is undefined; allowed: a number'],
  }
  for (const [what, [times, message]] of Object.entries(refused)) {
    it(`for an operation ${what}, which it names by its place`, () => {
      const wrong = { thread: 'B', action: read, result: 0, ...times } as never
      const check = () => checkLinearizable(register, [right, wrong])
      expect(check).to.throw(HistoryError).that.includes({ code: 'ERR_HISTORY', name: 'HistoryError', message })
    })
  }

  for (const timeoutMs of [0, -1, Number.NaN, 2 ** 31]) {
    it(`when it should be judged within ${timeoutMs} ms`, () => {
      const message = `timeoutMs is ${timeoutMs}; allowed: milliseconds above 0 and below 2³¹`
      expect(() => checkLinearizable(register, [right], { timeoutMs }))
        .to.throw(HistoryError)
        .that.includes({ code: 'ERR_HISTORY', message })
    })
  }
})

describe('a valid history', () => {
  it('comes with an order that shows it', () => {
    const [first, second] = [done('A', [0, 9], write(1)), done('B', [0, 9], write(2))]
    const reads = [done('C', [1, 2], read, 2), done('C', [3, 4], read, 1), done('C', [5, 6], read, 1)]
    const { verdict, longest, part } = checkLinearizable(register, [first, second, ...reads])
    expect(verdict).to.equal('valid')
    expect(longest).to.deep.equal([second, reads[0], first, reads[1], reads[2]])
    expect(part).to.equal(undefined)
  })

  it('may be empty, or have no operation that returned', () => {
    expect(checkLinearizable(register, [])).to.deep.equal({ verdict: 'valid', longest: [], parts: 0 })
    const called = checkLinearizable(register, [pending('A', 0, write(1)), pending('B', 0, read)])
    expect(called).to.deep.equal({ verdict: 'valid', longest: [], parts: 1 })
  })

  it('is not changed, nor need it be in the order of its calls', () => {
    const history = [done('B', [2, 3], read, 1), done('A', [0, 1], write(1))]
    const before = structuredClone(history)
    expect(checkLinearizable(register, history).longest).to.deep.equal([history[1], history[0]])
    expect(history).to.deep.equal(before)
  })
})

describe('an invalid history', () => {
  const written = done('A', [0, 1], write(1))
  const seen = done('B', [2, 5], read, 1)
  const stale = done('C', [6, 7], read, 0)
  const after = done('A', [8, 9], write(2))

  it('comes with the longest order there is: up to the operation that fits nowhere', () => {
    const { verdict, longest } = checkLinearizable(register, [written, seen, stale, after])
    expect(verdict).to.equal('invalid')
    expect(longest).to.deep.equal([written, seen])
  })

  it('counts what never returned into that order, where it helps to come further', () => {
    const lost = pending('D', 0, write(3))
    const late = done('C', [6, 7], read, 3)
    const { verdict, longest } = checkLinearizable(register, [lost, written, seen, late, stale])
    expect(verdict).to.equal('invalid')
    expect(longest).to.deep.equal([written, seen, lost, late])
  })

  it('names the part that has no order, in the order of its calls, and how many parts there were', () => {
    const wrong = onKey(7, [stale, seen, written])
    const right = [...onKey(1, [written, seen]), ...onKey(2, [written, seen]), ...onKey(9, [seen, written])]
    const { verdict, part, parts, longest } = checkLinearizable(mapOfRegisters, [...right, ...wrong])
    expect({ verdict, part, parts }).to.deep.equal({ verdict: 'invalid', part: wrong.toReversed(), parts: 4 })
    expect(longest).to.deep.equal([wrong[2], wrong[1]])
  })

  it('has parts only where the specification says so', () => {
    const { part, parts } = checkLinearizable(register, [written, seen, stale])
    expect({ part, parts }).to.deep.equal({ part: [written, seen, stale], parts: 1 })
  })
})

describe('a state', () => {
  type Last = ReadonlyMap<string, number>
  type OnLast = { readonly do: 'put'; readonly value: number } | { readonly do: 'get' }
  const last: Specification<Last, OnLast, number> = {
    initial: new Map(),
    apply(state, action, result) {
      if (action.do === 'put') return new Map(state).set('last', action.value)
      return state.get('last') === result ? state : undefined
    },
    key: (state) => [...state].join(),
  }
  const puts = [1, 2].map((value) => done(`P${value}`, [0, 9], { do: 'put', value } as const))

  it('that is no JSON is told from others by its key', () => {
    for (const value of [1, 2]) {
      const history = [...puts, done('G', [10, 11], { do: 'get' } as const, value)]
      expect(checkLinearizable(last, history).verdict, `${value} is last`).to.equal('valid')
    }
  })
})

describe('the time', () => {
  it('once over, leaves the verdict unknown, with the longest order so far and no part to blame', () => {
    const checked = checkLinearizable(register, unreadable(30), { timeoutMs: 5 }, new ImpatientClock())
    expect(checked).to.deep.include({ verdict: 'unknown', parts: 1 })
    expect(checked).not.to.have.property('part')
    expect(checked.longest).to.have.length(30)
  })

  it('is ten seconds unless another is given', () => {
    const within = (clock: FakeClock, options?: { timeoutMs: number }) =>
      checkLinearizable(register, unreadable(30), options, clock).verdict
    const clock = new ImpatientClock(1000)
    const beganMs = clock.nowMs()
    expect(within(clock)).to.equal('unknown')
    // A look at the start, one after each of ten turns, and this one.
    expect(clock.nowMs() - beganMs).to.equal(12_000)
  })

  it('suffices where orders that come to the same are tried but once', () => {
    const clock = new ImpatientClock()
    expect(checkLinearizable(register, unreadable(8), { timeoutMs: 50 }, clock).verdict).to.equal('invalid')
  })

  it('that one part takes is not taken from another: parts have their turns', () => {
    const hard = onKey(1, unreadable(30))
    const wrong = onKey(2, unreadable(8))
    for (const history of [
      [...hard, ...wrong],
      [...wrong, ...hard],
    ]) {
      const { verdict, part } = checkLinearizable(mapOfRegisters, history, { timeoutMs: 200 }, new ImpatientClock())
      expect(verdict).to.equal('invalid')
      expect(part).to.have.deep.members(wrong)
    }
  })

  it('once over with one part undecided leaves the verdict unknown, though the others are valid', () => {
    const valid = [3, 4].flatMap((key) => onKey(key, [done('A', [0, 1], write(1)), done('A', [2, 3], read, 1)]))
    const history = [...onKey(1, unreadable(30)), ...valid]
    const { verdict } = checkLinearizable(mapOfRegisters, history, { timeoutMs: 20 }, new ImpatientClock())
    expect(verdict).to.equal('unknown')
  })
})

describe('a long history', () => {
  longHistory('of fifty clients and many parts', mapsOf(60), { clients: 50, operations: 2500 })
  longHistory('of four clients and one part', registers, { clients: 4, operations: 1000 })
})

function longHistory<State, Action, Result>(
  what: string,
  kind: Kind<State, Action, Result>,
  size: { clients: number; operations: number },
): void {
  const random = seededRandom(size.clients)
  const history = validHistory(kind, size, random)

  it(`${what} is found valid`, () => {
    expect(history).to.have.length(size.operations)
    expect(checkLinearizable(kind.specification, history).verdict).to.equal('valid')
  })

  it(`${what} is found invalid after one edit`, () => {
    const edited = editToInvalid(kind, history, random)
    if (!edited) return expect.fail('there is no place for an edit')
    const { verdict, part } = checkLinearizable(kind.specification, edited.history)
    expect(verdict).to.equal('invalid')
    const changed = edited.history.find((operation, index) => operation !== history[index])
    expect(part?.includes(changed as never), 'the part has the edited operation').to.equal(true)
  })
}
