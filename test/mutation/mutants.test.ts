import { expect } from 'chai'
import { mutantsOf } from './mutants.js'

const text = `
class Row {
  lengthen(epoch, limit) {
    for (;;) {
      const row = this.cells.load(this.row)
      if (row >>> 16 !== epoch) return 0
      this.cells.store(this.row + 1, 1)
      this.cells.store(this.row + 2, 2)
      if (this.cells.compareExchange(this.row, row, row + 1) === row) return row < limit
    }
  }
  other() {
    return this.list.load(3) + other.store(1, 2)
  }
}`

describe('the mutants of a module', () => {
  const mutants = mutantsOf('src/row.js', text)
  const of = (rule: string) => mutants.filter((mutant) => mutant.rule === rule)

  it('shift each index of a cell by one', () => {
    expect(of('index off by one').map(({ before, after }) => [before, after])).to.deep.equal([
      ['this.row', '(this.row) + 1'],
      ['this.row + 1', '(this.row + 1) + 1'],
      ['this.row + 2', '(this.row + 2) + 1'],
      ['this.row', '(this.row) + 1'],
    ])
  })

  it('weaken each exchange to a load and a store', () => {
    const [mutant, ...others] = of('weakened exchange')
    expect(others).to.deep.equal([])
    expect(mutant?.after).to.include('c.load(i)').and.to.include('c.store(i, r)')
    expect(mutant?.text).to.not.include('compareExchange')
  })

  it('swap each pair of writes', () => {
    const [mutant, ...others] = of('swapped writes')
    expect(others).to.deep.equal([])
    expect(mutant?.after).to.match(/this\.row \+ 2, 2\)\s+this\.cells\.store\(this\.row \+ 1, 1\)/)
  })

  it('negate and drop each check of an epoch, a deadline or a bound', () => {
    expect(of('negated check').map(({ after }) => after)).to.deep.equal(['!(row >>> 16 !== epoch)', '!(row < limit)'])
    expect(of('dropped check').map(({ after }) => after)).to.deep.equal([
      '(row >>> 16 !== epoch, false)',
      '(row < limit, false)',
    ])
  })

  it('are modules that can be parsed, each with a name of its own', () => {
    for (const mutant of mutants) expect(() => mutantsOf('src/row.js', mutant.text)).to.not.throw()
    expect(new Set(mutants.map(({ name, line }) => `${name} ${line}`)).size).to.equal(mutants.length)
  })
})
