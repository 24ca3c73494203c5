import { expect } from 'chai'
import { Baton } from '../../src/profiler/baton.js'
import { takeTurns } from '../../src/profiler/turns.js'

describe('a baton', () => {
  it('is passed to and fro, so that the last loops of both sides are neighbours', async () => {
    const turns: string[] = []
    const loop = (name: string) => () => {
      if (turns.at(-1) !== name) turns.push(name)
    }
    const [one, other] = Baton.allocate()
    const sides = [one, other].map((side, index) => {
      const loops = index === 0 ? { bare: loop('a'), guarded: loop('A') } : { bare: loop('b'), guarded: loop('B') }
      return takeTurns<string>(loops, { rounds: 4, turnMs: 0.01, baton: new Baton(side) })
    })
    const series = await Promise.all(sides)
    expect(series.map(({ guarded }) => guarded?.length)).to.deep.equal([4, 4])
    // Each warms up in its own turn; from then on, neighbours that are the same loop are one here.
    expect(turns.join('')).to.equal('aAbBbBAaABbBAaABba'.slice(0, turns.length))
  })

  it('ends the rounds of whoever waits for a side that has ended', async () => {
    const [one, other] = Baton.allocate()
    new Baton(other).leave()
    const { guarded } = await takeTurns({ guarded: () => {} }, { rounds: 9, turnMs: 0.01, baton: new Baton(one) })
    expect(guarded).to.have.lengthOf.below(2)
  })

  it('lets the other side have the turn that it was passed before this one left', async () => {
    const [one, other] = [...Baton.allocate()].map((side) => new Baton(side)) as [Baton, Baton]
    expect(await one.take()).to.equal(true)
    one.pass()
    one.leave()
    expect(await other.take()).to.equal(true)
    other.pass()
    other.pass()
    expect(await other.take()).to.equal(false)
  })
})
