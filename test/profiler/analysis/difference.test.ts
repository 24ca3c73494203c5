import { expect } from 'chai'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import {
  compareProfiles,
  type FunctionChange,
  type ProfileDifference,
} from '../../../src/profiler/analysis/difference.js'
import type { ThreadProfile } from '../../../src/profiler/analysis/thread-profile.js'
import { allocationProfile, allocations, call, coordinator, cpuProfile, home, idle } from './profiles.js'

const slow = call('slow', 'file:///app/mine.js', 3)
const fast = call('fast', 'file:///app/mine.js', 9)

function between(before: ThreadProfile, after: ThreadProfile): ProfileDifference {
  const [a] = analyseProfiles([before])
  const [b] = analyseProfiles([after])
  if (!a || !b) throw new Error('nothing was analysed')
  return compareProfiles(a, b)
}

function changeOf({ functions }: ProfileDifference, wanted: string): FunctionChange | undefined {
  return functions.find(({ name }) => name === wanted)
}

describe('the difference of two profiles', () => {
  it('puts what became hotter first and what became cooler last', () => {
    const { functions } = between(
      cpuProfile('a', [
        [20, [slow]],
        [80, [fast]],
      ]),
      cpuProfile('a', [
        [60, [slow]],
        [40, [fast]],
      ]),
    )
    expect(functions.map(({ name }) => name)).to.deep.equal(['slow', 'fast'])
    expect(functions[0]?.self.change).to.be.closeTo(0.4, 1e-9)
    expect(functions[1]?.self.change).to.be.closeTo(-0.4, 1e-9)
  })

  it('asks what a function does itself, not what it calls', () => {
    const { functions } = between(
      cpuProfile('a', [
        [50, [fast]],
        [50, [slow]],
      ]),
      cpuProfile('a', [
        [60, [fast, slow]],
        [40, [fast]],
      ]),
    )
    expect(functions.map(({ name }) => name)).to.deep.equal(['slow', 'fast'])
  })

  it('is one of shares: a longer run is not a hotter one', () => {
    const difference = between(
      cpuProfile('a', [
        [1, [slow]],
        [1, [fast]],
      ]),
      cpuProfile('a', [
        [50, [slow]],
        [50, [fast]],
      ]),
    )
    expect(changeOf(difference, 'slow')?.self.change).to.equal(0)
  })

  it('does not take a thread that waits less for functions that do more, but tells that it waits less', () => {
    const difference = between(
      cpuProfile('a', [
        [90, [idle]],
        [10, [slow]],
      ]),
      cpuProfile('a', [
        [50, [idle]],
        [50, [slow]],
      ]),
    )
    expect(changeOf(difference, 'slow')?.self.change).to.equal(0)
    expect(difference.categories.find(({ category }) => category === 'idle')?.change).to.be.closeTo(-0.4, 1e-9)
  })

  it('knows a function by its name and file, in another checkout and on another line', () => {
    const elsewhere = home.replace('somewhere', 'anywhere')
    const difference = between(
      cpuProfile('a', [[1, [coordinator, call('decide', `${home}src/breaker/circuit.js`, 12)]]]),
      cpuProfile('a', [
        [
          1,
          [
            call('carryOut', `${elsewhere}src/stress/coordinator.js`, 50),
            call('decide', `${elsewhere}src/breaker/circuit.js`, 40),
          ],
        ],
      ]),
    )
    expect(difference.functions.map(({ name, self }) => [name, self.before, self.after])).to.have.deep.members([
      ['carryOut', 0, 0],
      ['decide', 1, 1],
    ])
  })

  it('tells the change of what a function calls apart from its own', () => {
    const difference = between(
      cpuProfile('a', [
        [5, [slow]],
        [5, [fast]],
      ]),
      cpuProfile('a', [
        [5, [slow]],
        [5, [slow, fast]],
      ]),
    )
    expect(changeOf(difference, 'slow')?.self.change).to.equal(0)
    expect(changeOf(difference, 'slow')?.total).to.deep.equal({ before: 0.5, after: 1, change: 0.5 })
  })

  it('says whether more than chance is in it', () => {
    const few = between(
      cpuProfile('a', [
        [5, [slow]],
        [5, [fast]],
      ]),
      cpuProfile('a', [
        [6, [slow]],
        [4, [fast]],
      ]),
    )
    const many = between(
      cpuProfile('a', [
        [500, [slow]],
        [500, [fast]],
      ]),
      cpuProfile('a', [
        [600, [slow]],
        [400, [fast]],
      ]),
    )
    expect(changeOf(few, 'slow')?.beyondChance).to.equal(false)
    expect(changeOf(many, 'slow')?.beyondChance).to.equal(true)
  })

  it('does not say so where the profiles do not tell how many samples there were', () => {
    const before = allocationProfile('a', allocations(call('(root)'), 0, allocations(slow, 10), allocations(fast, 10)))
    const after = allocationProfile('a', allocations(call('(root)'), 0, allocations(slow, 30), allocations(fast, 10)))
    const change = changeOf(between(before, after), 'slow')
    expect(change?.self.change).to.equal(0.25)
    expect(change?.beyondChance).to.equal(undefined)
  })
})
