import { expect } from 'chai'
import { HistoryError, type Operation } from '../../src/history/history.js'
import { checkLinearizable } from '../../src/history/linearizability.js'
import type { Specification } from '../../src/history/specification.js'
import { done, pending } from './operations.js'
import { read, register, write } from './specifications.js'

describe('what the linearizability checker got wrong once', () => {
  it('the order of a valid history has every operation that returned', () => {
    const history = [pending('A', 0, write(1)), pending('B', 1, write(2)), done('C', [2, 3], read, 0)]
    const { verdict, longest } = checkLinearizable(register, history)
    expect(verdict).to.equal('valid')
    expect(longest).to.deep.equal([history[2]])
  })

  it('a key with a new line is not two keys', () => {
    const texts: Specification<string, string, undefined> = {
      initial: '',
      key: (state) => state,
      apply(state, action) {
        if (action === 'one') return 'a\nb'
        if (action === 'two') return ['a', 'b']
        return state === 'a\nb' ? state : undefined
      },
    }
    const history = ['one', 'two'].map((action) => done<string, undefined>('A', [0, 10], action, undefined))
    const check = done<string, undefined>('B', [11, 12], 'check', undefined)
    expect(checkLinearizable(texts, [...history, check]).verdict).to.equal('valid')
    expect(checkLinearizable(texts, [...history.toReversed(), check]).verdict).to.equal('valid')
  })

  it('a number as a key is not the text of it', () => {
    const mixed: Specification<number | string, string, undefined> = {
      initial: 0,
      key: (state) => state,
      apply(state, action) {
        if (action === 'number') return 1
        if (action === 'text') return '1'
        return state === 1 ? state : undefined
      },
    }
    const history = ['number', 'text'].map((action) => done<string, undefined>('A', [0, 10], action, undefined))
    const check = done<string, undefined>('B', [11, 12], 'check', undefined)
    expect(checkLinearizable(mixed, [...history, check]).verdict).to.equal('valid')
  })

  for (const returned of ['5', null, 5n]) {
    it(`a return at ${typeof returned} ${returned} is refused`, () => {
      const operation = { ...done('A', [-1, 3], write(1), 0), returned } as unknown as Operation<
        ReturnType<typeof write>,
        number
      >
      expect(() => checkLinearizable(register, [operation])).to.throw(HistoryError, /^operation 0: returned is /)
    })
  }
})
