import { expect } from 'chai'
import { checkLinearizable } from '../../src/history/linearizability.js'
import type { Specification } from '../../src/history/specification.js'
import { done, pending } from './operations.js'

type Action = 'swap' | 'take left' | 'put right' | 'read'
type Shelf = readonly [left: number, right: number]

/** A swap takes from the left at one instant, and puts on the right at a later one. */
const shelf: Specification<{ left: number; right: number }, Action, Shelf | undefined> = {
  initial: { left: 1, right: 0 },
  instants: (action) => (action === 'swap' ? ['take left', 'put right'] : [action]),
  apply(state, action, result) {
    if (action === 'take left') return { ...state, left: 0 }
    if (action === 'put right') return { ...state, right: 1 }
    const seen = result === undefined || (result[0] === state.left && result[1] === state.right)
    return action === 'read' && seen ? state : undefined
  },
}

describe('an operation of several instants', () => {
  const swap = done<Action, Shelf | undefined>('A', [0, 10], 'swap', undefined)
  const read = (at: number, left: number, right: number) =>
    done<Action, Shelf | undefined>('B', [at, at + 1], 'read', [left, right])

  it('may be seen between them', () => {
    expect(checkLinearizable(shelf, [swap, read(2, 0, 0), read(5, 0, 1)]).verdict).to.equal('valid')
  })

  it('takes effect in their order', () => {
    expect(checkLinearizable(shelf, [swap, read(2, 1, 1)]).verdict).to.equal('invalid')
    expect(checkLinearizable(shelf, [swap, read(2, 0, 1), read(5, 0, 0)]).verdict).to.equal('invalid')
  })

  it('has had them all when it returns', () => {
    expect(checkLinearizable(shelf, [swap, read(12, 0, 0)]).verdict).to.equal('invalid')
    expect(checkLinearizable(shelf, [swap, read(12, 0, 1)]).verdict).to.equal('valid')
  })

  it('may stop between them for ever, if it never returned', () => {
    const never = pending<Action>('A', 0, 'swap')
    expect(checkLinearizable(shelf, [never, read(12, 0, 0), read(100, 0, 0)]).verdict).to.equal('valid')
    expect(checkLinearizable(shelf, [never, read(12, 1, 1)]).verdict).to.equal('invalid')
  })

  it('is one operation in the part that has no order', () => {
    const { part } = checkLinearizable(shelf, [swap, read(2, 1, 1)])
    expect(part).to.deep.equal([swap, read(2, 1, 1)])
  })
})
