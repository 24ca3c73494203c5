import { expect } from 'chai'
import { type Outcome, Spenders, subsetOf } from './spenders.js'

/** How many pairs of a reservation and its settlement the long run makes, and how many threads it kills. */
const pairs = Number(process.env.PAIRS ?? 10_000_000)
const kills = Number(process.env.KILLS ?? 200)

describe('a ledger that 8 threads spend from while some are terminated', () => {
  for (const [run, mark] of [
    [{ pairs: 200_000, kills: 5, seed: 1 }, ''],
    [{ pairs, kills, seed: 2 }, ' @slow'],
  ] as const) {
    it(`${run.pairs} pairs, ${run.kills} kills: nothing overspent, not a cent lost${mark}`, async function () {
      this.timeout(1_800_000)
      const beganMs = performance.now()
      const outcome = await new Spenders(run).toTheEnd()
      if (mark !== '') console.log(figuresOf(outcome, run.kills, performance.now() - beganMs))

      expect(outcome.wrong).to.deep.equal([])
      expect(outcome.pairs).to.be.at.least(run.pairs)
      // That it was what it says.
      expect(outcome.refused, 'refused').to.be.above(run.pairs / 100)
      expect(outcome.released, 'released').to.be.above(run.pairs / 100)
      expect(outcome.above, 'settled above what budgets had room for').to.be.above(0)
      expect(outcome.late, 'settled late').to.be.above(0)
      expect(outcome.sampled.samples, 'samples').to.be.above(run.pairs / 1000)
    })
  }
})

describe('the sum that dead threads leave undecided', () => {
  const items = [{ amount: 5 }, { amount: 11 }, { amount: 4 }]

  it('is that of some of them', () => {
    expect(subsetOf(items, 0)).to.deep.equal([])
    expect(subsetOf(items, 9)).to.deep.equal([items[0], items[2]])
    expect(subsetOf(items, 20)).to.deep.equal(items)
  })

  it('is no other: a cent more or less is found', () => {
    for (const sum of [-5, 1, 10, 19, 21]) expect(subsetOf(items, sum)).to.equal(undefined)
  })
})

function figuresOf(outcome: Outcome, died: number, tookMs: number): string {
  const { pairs: made, refused, released, late, above, diedSettling, took, comparisons, sampled, virtualDays } = outcome
  return (
    `      ${made} pairs in ${(tookMs / 1000).toFixed(1)} s, ${refused} refused, ${released} released, ${late} late, ` +
    `${above} above the room left; ${died} kills, ${diedSettling} in the middle of a settlement, of which ${took} counted; ` +
    `${comparisons} comparisons, ${sampled.samples} samples, ${virtualDays} virtual days`
  )
}
