import { expect } from 'chai'
import {
  analyseProfiles,
  type FunctionCost,
  type ProfileAnalysis,
  topFunctions,
} from '../../../src/profiler/analysis/analysis.js'
import type { ThreadProfile } from '../../../src/profiler/analysis/thread-profile.js'
import { allocationProfile, allocations, call, coordinator, cpuProfile, home, idle, taken } from './profiles.js'

const mine = call('mine', 'file:///app/mine.js', 3)
const other = call('other', 'file:///app/other.js', 9)

function analysed(...profiles: ThreadProfile[]): ProfileAnalysis {
  const [analysis] = analyseProfiles(profiles)
  if (!analysis) throw new Error('nothing was analysed')
  return analysis
}

function cost({ merged }: ProfileAnalysis, wanted: string): FunctionCost {
  const found = merged.functions.find(({ name }) => name === wanted)
  if (!found) throw new Error(`${wanted} is not among ${merged.functions.map(({ name }) => name)}`)
  return found
}

function share({ merged }: ProfileAnalysis, wanted: string): number | undefined {
  return merged.shares.find(({ category }) => category === wanted)?.share
}

function burn(): number {
  let sum = 0
  for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i)
  return sum
}

function hoard(): unknown[] {
  return Array.from({ length: 20_000 }, (_, i) => new Array(20).fill(i))
}

describe('the analysis of profiles', () => {
  it('tells what a function took itself and what with all that it called', () => {
    const analysis = analysed(
      cpuProfile('worker-0', [
        [3, [mine]],
        [7, [mine, other]],
      ]),
    )
    expect(cost(analysis, 'mine')).to.include({ self: 3000, total: 10_000, selfShare: 0.3, totalShare: 1, samples: 3 })
    expect(cost(analysis, 'other')).to.include({ self: 7000, total: 7000, file: '/app/other.js', line: 9 })
  })

  it('counts a function that calls itself once', () => {
    const analysis = analysed(
      cpuProfile('worker-0', [
        [2, [mine, other, mine]],
        [2, [mine]],
      ]),
    )
    expect(cost(analysis, 'mine')).to.include({ self: 4000, total: 4000 })
  })

  it('adds the threads up, and tells each', () => {
    const analysis = analysed(cpuProfile('worker-0', [[1, [mine]]]), cpuProfile('worker-1', [[3, [mine]]]))
    expect(cost(analysis, 'mine').self).to.equal(4000)
    expect(analysis.merged.tree.root.children).to.have.lengthOf(1)
    expect(analysis.threads.map(({ thread, total }) => [thread, total])).to.deep.equal([
      ['worker-0', 1000],
      ['worker-1', 3000],
    ])
  })

  it('gives every sample the same weight, so that a thread kept off its core accuses nobody', () => {
    const profile = cpuProfile('worker-0', [
      [1, [mine]],
      [9, [other]],
    ])
    profile.timeDeltas[1] = 90_000
    profile.endTime += 89_000
    expect(cost(analysed(profile), 'mine').selfShare).to.be.closeTo(0.1, 1e-9)
  })

  it('counts waiting for nobody, and tells it as a share of all', () => {
    const park = call('blockFor', `${home}src/memory/parking.js`, 3)
    const analysis = analysed(
      cpuProfile('worker-0', [
        [4, [idle]],
        [3, [coordinator, park]],
        [1, [coordinator]],
      ]),
    )
    expect(share(analysis, 'idle')).to.equal(7 / 8)
    expect(cost(analysis, 'carryOut')).to.include({ selfShare: 1, totalShare: 1 })
    expect(analysis.merged.functions.map(({ name }) => name)).to.deep.equal(['carryOut'])
  })

  describe('puts on the account', () => {
    const breaker = call('decide', `${home}src/breaker/circuit.js`, 1)
    const target = call('call', `${home}src/targets/shared.js`, 1)
    const load = call('load', `${home}src/memory/atomic-cells.js`, 17)
    const builtIn = call('push')
    const piscina = call('onMessage', 'file:///x/node_modules/piscina/dist/worker.js', 1)
    const opossum = call('fire', 'file:///x/node_modules/opossum/lib/circuit.js', 1)
    const undici = call('dispatch', 'file:///x/node_modules/undici/lib/pool.js', 1)
    const accounts: readonly (readonly [what: string, account: string, stack: readonly ReturnType<typeof call>[]])[] = [
      ['of the breaker its own code', 'breaker', [coordinator, breaker]],
      ['of the breaker what it asks of shared memory', 'breaker', [coordinator, breaker, load]],
      ['of the engine what it asks of shared memory', 'engine', [coordinator, load]],
      ['of a caller what is built in', 'user', [coordinator, mine, builtIn]],
      ['of the engine its own packages', 'engine', [piscina]],
      ['of the user a target', 'user', [coordinator, target]],
      ['of the user a peer', 'user', [coordinator, target, opossum]],
      ['of the user a package of the engine that a target uses', 'user', [coordinator, target, undici]],
      ['of the user what is not ours', 'user', [mine]],
      ['of Node what is inside it', 'node', [call('processTimers', 'node:internal/timers', 504)]],
      ['of the collector its time', 'gc', [call('(garbage collector)')]],
      ['of V8 what has no JavaScript', 'program', [call('(program)')]],
      ['of nobody a wait that is not inlined', 'idle', [coordinator, mine, call('wait')]],
    ]
    for (const [what, account, stack] of accounts) {
      it(what, () => {
        const profile = cpuProfile('worker-0', [
          [1, stack],
          [0, [coordinator]],
        ])
        expect(share(analysed(profile), account)).to.equal(1)
      })
    }
  })

  it('puts a function on that account on which it spent most', () => {
    const load = call('load', `${home}src/memory/atomic-cells.js`, 17)
    const breaker = call('decide', `${home}src/breaker/circuit.js`, 12)
    const analysis = analysed(
      cpuProfile('worker-0', [
        [1, [coordinator, load]],
        [2, [coordinator, breaker, load]],
      ]),
    )
    expect(cost(analysis, 'load')).to.include({ category: 'breaker', self: 3000 })
    expect(share(analysis, 'engine')).to.be.closeTo(1 / 3, 1e-9)
  })

  it('knows a Busbar that lies elsewhere by its engine, and names its files from there', () => {
    const breaker = call('decide', `${home}src/breaker/circuit.js`, 12)
    const analysis = analysed(
      cpuProfile('coordinator', [
        [1, [coordinator]],
        [1, [breaker]],
      ]),
    )
    expect(cost(analysis, 'decide')).to.include({ file: 'src/breaker/circuit.js', category: 'breaker' })
  })

  it("leaves a user's own breaker to the user, wherever it lies", () => {
    const own = call('decide', 'file:///app/dist/src/breaker/own.js', 12)
    expect(
      share(
        analysed(
          cpuProfile('coordinator', [
            [0, [coordinator]],
            [1, [own]],
          ]),
        ),
        'user',
      ),
    ).to.equal(1)
  })

  it('has shares that sum to 1 in every thread', () => {
    const { threads } = analysed(
      cpuProfile('a', [
        [1, [mine]],
        [2, [idle]],
      ]),
      cpuProfile('b', [[5, [coordinator]]]),
    )
    for (const { shares } of threads) {
      expect(shares.reduce((sum, one) => sum + one.share, 0)).to.be.closeTo(1, 1e-9)
    }
  })

  it('sorts by what was asked for, and cuts there', () => {
    const { merged } = analysed(
      cpuProfile('worker-0', [
        [3, [mine]],
        [7, [mine, other]],
      ]),
    )
    expect(topFunctions(merged, 'self', 1).map(({ name }) => name)).to.deep.equal(['other'])
    expect(topFunctions(merged, 'total', 1).map(({ name }) => name)).to.deep.equal(['mine'])
  })

  it('leaves out of those with the most of their own what has nothing of its own', () => {
    const { merged } = analysed(cpuProfile('worker-0', [[7, [mine, other]]]))
    expect(topFunctions(merged, 'self', 5).map(({ name }) => name)).to.deep.equal(['other'])
    expect(topFunctions(merged, 'total', 5)).to.have.lengthOf(2)
  })

  it('tells who allocated, in bytes', () => {
    const profile = allocationProfile(
      'worker-0',
      allocations(call('(root)'), 0, allocations(mine, 10, allocations(other, 30))),
    )
    const analysis = analysed(profile)
    expect(analysis).to.include({ kind: 'allocation', unit: 'bytes' })
    expect(cost(analysis, 'mine')).to.include({ self: 10, total: 40, selfShare: 0.25 })
  })

  it('keeps the kinds apart, CPU first', () => {
    const heap = allocationProfile('worker-0', allocations(call('(root)'), 1))
    const kinds = analyseProfiles([heap, cpuProfile('worker-0', [[1, [mine]]])]).map(({ kind }) => kind)
    expect(kinds).to.deep.equal(['cpu', 'allocation'])
  })

  it('finds the function that burned the time in a profile that V8 took', async () => {
    const found = cost(analysed(await taken('cpu', burn)), 'burn')
    expect(found.selfShare).to.be.above(0.5)
    expect(found.file).to.match(/analysis\.test\.js$/)
  })

  it('finds the function that hoards in a profile that V8 took', async () => {
    const analysis = analysed(await taken('allocation', hoard))
    expect(cost(analysis, 'hoard').totalShare).to.be.above(0.5)
    expect(analysis.merged.samples).to.be.above(0)
  })
})
