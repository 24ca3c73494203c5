import { expect } from 'chai'
import { Grantor } from '../../../src/budget/durable/granting.js'

function figures(committed: number, ceiling: number) {
  return { period: 1, committed, ceiling, covered: committed, overrun: 0, parts: [] }
}

describe('what is granted of a budget', () => {
  const grantor = () => new Grantor({ limit: 1000, block: 40 })

  it('is a block above what is committed, once less than half of one is left', () => {
    expect(grantor().raised(figures(0, 0), 0)).to.equal(40)
    expect(grantor().raised(figures(20, 40), 0)).to.equal(undefined)
    expect(grantor().raised(figures(21, 40), 0)).to.equal(61)
    expect(grantor().raised(figures(970, 980), 0)).to.equal(1000)
    expect(grantor().raised(figures(1000, 1000), 0)).to.equal(undefined)
  })

  it('is what one call wants, if that is more', () => {
    expect(grantor().raised(figures(10, 0), 256)).to.equal(266)
    expect(grantor().raised(figures(10, 500), 256)).to.equal(undefined)
    expect(grantor().raised(figures(900, 940), 256)).to.equal(1000)
  })

  it('is nothing where more than the limit is committed', () => {
    expect(grantor().raised(figures(1200, 0), 0)).to.equal(undefined)
  })

  it('doubles as threads have to wait again and again, up to eight blocks', () => {
    const busy = grantor()
    const ahead = [1, 2, 3, 4, 5].map(() => (busy.raised(figures(100, 100), 16) ?? 0) - 100)
    expect(ahead).to.deep.equal([40, 80, 160, 320, 320])
  })

  it('comes back when it has been too much for a while, and is halved then', () => {
    const idle = grantor()
    for (const _ of [1, 2, 3, 4]) idle.raised(figures(100, 100), 16)
    const lowered = Array.from({ length: 40 }, () => idle.lowered(figures(100, 900)))
    expect(lowered.filter((ceiling) => ceiling !== undefined)).to.deep.equal([260, 180, 140, 140])
    expect(lowered.indexOf(260)).to.equal(9)
    expect(grantor().lowered(figures(100, 220))).to.equal(undefined)
  })
})
