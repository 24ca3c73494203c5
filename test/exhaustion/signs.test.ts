import { expect } from 'chai'
import { Signs } from '../../src/exhaustion/signs.js'

describe('signs of a resource that is used up', () => {
  it('are counted by their names', () => {
    const signs = new Signs()
    signs.note('late timer')
    signs.note('late timer', 2)
    signs.noteError(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
    expect(signs.counts).to.deep.equal({ 'late timer': 3, ENOSPC: 1 })
  })

  it('are no errors without a code', () => {
    const signs = new Signs()
    signs.noteError(new Error('whatever'))
    signs.noteError('ENOSPC')
    expect(signs.counts).to.deep.equal({})
  })

  it('are of fifty kinds at most', () => {
    const signs = new Signs()
    for (let kind = 0; kind < 60; kind += 1) signs.note(`sign ${kind}`)
    signs.note('sign 0')
    expect(Object.keys(signs.counts)).to.have.lengthOf(50)
    expect(signs.counts['sign 0']).to.equal(2)
  })
})
