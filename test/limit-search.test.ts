import { expect } from 'chai'
import { findLimit } from '../src/limit-search.js'

/** Searches with a system that passes up to `limit`; `passes` may say otherwise of some tries. */
async function search(limit: number, changes: Partial<{ from: number; most: number; tries: number }> = {}) {
  const { from = 100, most = 1_000_000, tries = 100 } = changes
  let left = tries
  return findLimit({
    from,
    most,
    goesOn: () => left-- > 0,
    attempt: async (ratePerSecond) => ({ passed: ratePerSecond <= limit, result: undefined }),
  })
}

describe('the search for the limit', () => {
  it('ends within a twentieth of it, from below and from above', async () => {
    for (const limit of [37, 100, 777, 54_321]) {
      const { ratePerSecond = 0, beyondPerSecond = 0 } = await search(limit)
      expect(ratePerSecond).to.be.within(limit / 1.06, limit)
      expect(beyondPerSecond).to.be.within(limit, limit * 1.06)
    }
  })

  it('tries what passed last once more', async () => {
    const { tried, ratePerSecond } = await search(777)
    expect(tried.filter((one) => one.ratePerSecond === ratePerSecond)).to.have.lengthOf(2)
  })

  it('goes on below a rate that passed by luck', async () => {
    let lucky = 1
    const { ratePerSecond } = await findLimit({
      from: 100,
      most: 1000,
      goesOn: () => true,
      attempt: async (rate) => ({ passed: rate <= 300 || (rate <= 420 && lucky-- > 0), result: undefined }),
    })
    expect(ratePerSecond).to.be.within(280, 300)
  })

  it('ends at the most that is allowed, and says that nothing was beyond', async () => {
    expect(await search(1e9, { most: 5000 })).to.include({ ratePerSecond: 5000, beyondPerSecond: undefined })
  })

  it('ends where nothing passes', async () => {
    const { ratePerSecond, tried } = await search(0)
    expect(ratePerSecond).to.equal(undefined)
    expect(tried.length).to.be.below(12)
  })

  it('keeps what it has when it is stopped', async () => {
    const { tried } = await search(1e9, { tries: 3 })
    expect(tried.map((one) => one.ratePerSecond)).to.deep.equal([100, 200, 400])
  })
})
