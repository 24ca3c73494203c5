import { expect } from 'chai'
import type { Exploration } from '../../src/explore/explore.js'
import { type CaseName, exploreAll } from '../../src/race/explore-all.js'
import type { Explored } from '../../src/race/exploring.js'

/** Cases that need so many milliseconds each, on a clock of their own, which explorations move on. */
function world(needsMs: readonly number[], wholeMs: number) {
  let nowMs = 0
  const asked: [index: number, timeMs: number][] = []
  const cases = needsMs.map((_, index) => ({ program: 'p', index }))
  const explore = async ({ index }: CaseName, timeMs: number): Promise<Explored> => {
    const needed = needsMs[index] as number
    const elapsedMs = Math.min(needed, timeMs)
    nowMs += elapsedMs
    asked.push([index, timeMs])
    const exploration = { verdict: needed <= timeMs ? 'valid' : 'unknown', elapsedMs } as Exploration
    return { program: 'p', index, case: '', checkers: [], exploration }
  }
  const run = (firstShare: number, mostMs = 1e9) =>
    exploreAll(cases, explore, { leftMs: () => wholeMs - nowMs, mostMs, firstShare })
  return { asked, run, nowMs: () => nowMs }
}

const verdicts = (explored: readonly Explored[]) => explored.map(({ exploration }) => exploration.verdict).join()

describe('race: time for explorations', () => {
  it('goes to the large ones once the small ones are done, wherever they stand', async () => {
    const { run } = world([30, 400, 1, 1, 300], 1000)
    expect(verdicts(await run(0.1))).to.equal('valid,valid,valid,valid,valid')
  })

  it('is not spent twice on what had its time', async () => {
    const { run, asked } = world([1, 2, 3], 1000)
    await run(0.1)
    expect(asked.map(([index]) => index).sort()).to.deep.equal([0, 1, 2])
  })

  it('is never more for one than what one may have', async () => {
    const { run, asked } = world([500, 1], 1000)
    expect(verdicts(await run(0.5, 200))).to.equal('unknown,valid')
    for (const [, timeMs] of asked) expect(timeMs).to.be.at.most(200)
    // As much again would have ended in the same way.
    expect(asked).to.have.lengthOf(2)
  })

  it('keeps what was found out at first where there is none left', async () => {
    const { run, nowMs } = world([1000, 1000, 1000], 600)
    const explored = await run(0.4)
    expect(verdicts(explored)).to.equal('unknown,unknown,unknown')
    expect(nowMs()).to.be.at.most(650)
  })
})
