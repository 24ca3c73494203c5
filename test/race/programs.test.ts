import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import { casesFor, exploreCase } from '../../src/race/exploring.js'
import { findRace, raceNames } from '../../src/race/plug-ins.js'
import { racedBy } from '../../src/race/target-name.js'

const names = await raceNames('programs')

describe('explored programs', () => {
  for (const name of names) {
    it(`${name}: nothing is wrong in its first case`, async () => {
      const raced = await findRace('programs', name)
      const [index = 0] = casesFor(raced, 'quick')
      await expectValid(name, index)
    }).timeout(120_000)

    it(`@slow ${name}: nothing is wrong in any quick case`, async () => {
      for (const index of casesFor(await findRace('programs', name), 'quick')) await expectValid(name, index)
    }).timeout(300_000)
  }

  it('asks a breaker that is not the specified one what it cannot answer', async () => {
    const raced = await racedBy('programs/linearizable-calls/0')
    const { specification } = await racedBy('programs/linearizable-calls/1')
    const { verdict, failure } = explore({ ...raced, ...(specification ? { specification } : {}) })
    expect(verdict).to.equal('invalid')
    expect(failure?.kind).to.equal('not-linearizable')
  })

  it('proves what few preemptions can do where there is no time for all of it', async () => {
    const one = (await findRace('programs', 'two-threads-four-calls')).cases()[0]
    if (!one) throw new Error('two-threads-four-calls has no case 0')
    let asked = 0
    // Time passes once, in the middle of the first exploration.
    const clock = { nowMs: () => (asked++ === 0 ? 0 : 1_000_000) }
    const { exploration, givenUp } = exploreCase('two-threads-four-calls', 0, one, { timeMs: 1_000_000 }, clock)
    expect(givenUp?.strategy).to.equal('dpor')
    expect(givenUp?.traces).to.be.above(0)
    expect(exploration.verdict).to.equal('valid')
    expect(exploration.preemptions).to.equal(2)
    expect(exploration.exhausted).to.equal(false)
  })

  it('takes more cases with more effort', async () => {
    const raced = await findRace('programs', 'three-threads-two-calls')
    expect(casesFor(raced, 'deep').length).to.be.above(casesFor(raced, 'default').length)
    expect(casesFor(raced, 'default').length).to.be.above(casesFor(raced, 'quick').length)
  })
})

async function expectValid(name: string, index: number): Promise<void> {
  const one = (await findRace('programs', name)).cases()[index]
  if (!one) throw new Error(`${name} has no case ${index}`)
  const { exploration } = exploreCase(name, index, one, { timeMs: 120_000 })
  expect(exploration.failure, `${name}/${index}`).to.equal(undefined)
  expect(exploration.verdict).to.equal('valid')
}
