import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { speedscopeJson } from '../../../src/profiler/analysis/speedscope.js'
import type { ThreadProfile } from '../../../src/profiler/analysis/thread-profile.js'
import { allocationProfile, allocations, call, coordinator, cpuProfile, home, idle, taken } from './profiles.js'

interface SpeedscopeFile {
  readonly name: string
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] }
  readonly profiles: readonly SpeedscopeProfile[]
}

interface SpeedscopeProfile {
  readonly name: string
  readonly unit: string
  readonly startValue: number
  readonly endValue: number
  readonly samples: readonly (readonly number[])[]
  readonly weights: readonly number[]
}

const mine = call('mine', 'file:///app/mine.js', 3)
const other = call('other', 'file:///app/other.js', 9)

function merged(...profiles: ThreadProfile[]): SpeedscopeFile {
  return JSON.parse([...speedscopeJson(profiles, 'scenario on target')].join(''))
}

function stacks({ shared, profiles }: SpeedscopeFile, of = 0): readonly (readonly [string, number | undefined])[] {
  const { samples = [], weights = [] } = profiles[of] ?? {}
  return samples.map((stack, i) => [stack.map((at) => shared.frames[at]?.name).join(' > '), weights[i]])
}

/** The schema that speedscope publishes, as it comes with it. */
function complaints(file: SpeedscopeFile): unknown {
  const require = createRequire(import.meta.url)
  const schema = JSON.parse(readFileSync(require.resolve('speedscope/dist/release/file-format-schema.json'), 'utf8'))
  const validate = new Ajv({ strict: false }).compile(schema)
  validate(file)
  return validate.errors
}

describe("speedscope's file of all threads", () => {
  it('is what its published schema asks for, of made-up profiles and of those that V8 took', async () => {
    const heap = allocationProfile('worker-1', allocations(call('(root)'), 1, allocations(mine, 20)))
    expect(complaints(merged(cpuProfile('coordinator', [[2, [coordinator]]]), heap))).to.equal(null)
    const cpu = await taken('cpu', () => Array.from({ length: 1e6 }, Math.sqrt))
    const allocated = await taken('allocation', () => Array.from({ length: 1e5 }, (_, i) => ({ i })))
    expect(complaints(merged(cpu, allocated))).to.equal(null)
    expect(complaints({ ...merged(cpu), profiles: [{}] } as never)).not.to.equal(null)
  })

  it('has a profile for each thread, and one list of functions for all', () => {
    const file = merged(
      cpuProfile('worker-0', [[1, [mine]]]),
      cpuProfile('worker-1', [
        [1, [mine]],
        [1, [mine, other]],
      ]),
    )
    expect(file.name).to.equal('scenario on target')
    expect(file.profiles.map(({ name }) => name)).to.deep.equal(['worker-0', 'worker-1'])
    expect(file.shared.frames.map(({ name }) => name)).to.deep.equal(['mine', 'other'])
  })

  it('makes one sample of those of one stack in a row, and loses no time', () => {
    const file = merged(
      cpuProfile('worker-0', [
        [3, [mine]],
        [2, [mine, other]],
        [1, [mine]],
      ]),
    )
    expect(stacks(file)).to.deep.equal([
      ['mine', 3000],
      ['mine > other', 2000],
      ['mine', 1000],
    ])
  })

  it('puts samples that V8 hands over late where they belong', () => {
    const profile = cpuProfile('worker-0', [
      [1, [mine]],
      [1, [other]],
      [1, [idle]],
    ])
    profile.timeDeltas.splice(0, 3, 0, 2000, -1000)
    expect(stacks(merged(profile))).to.deep.equal([
      ['mine', 1000],
      ['(idle)', 1000],
      ['other', 1000],
    ])
  })

  it('begins each thread where it began in the run', () => {
    const file = merged(cpuProfile('worker-0', [[1, [mine]]], 5000), cpuProfile('worker-1', [[2, [mine]]], 7000))
    expect(file.profiles.map(({ startValue, endValue }) => [startValue, endValue])).to.deep.equal([
      [0, 1000],
      [2000, 4000],
    ])
  })

  it('names our files from the folder of Busbar, and gives what has no source none', () => {
    const breaker = call('decide', `${home}src/breaker/circuit.js`, 12)
    const { frames } = merged(
      cpuProfile('coordinator', [
        [1, [coordinator, breaker]],
        [1, [idle]],
      ]),
    ).shared
    expect(frames[1]).to.deep.equal({ name: 'decide', file: 'src/breaker/circuit.js', line: 12, col: 5 })
    expect(frames[2]).to.deep.equal({ name: '(idle)' })
  })

  it('comes in pieces, none of which grows with the profile', () => {
    const back = Array.from({ length: 5000 }, (_, i) => [1, [i % 2 === 0 ? mine : other]] as const)
    const pieces = [...speedscopeJson([cpuProfile('worker-0', back)], 'long')]
    expect(Math.max(...pieces.map(({ length }) => length))).to.be.below(10_000)
    expect(JSON.parse(pieces.join('')).profiles[0].samples).to.have.lengthOf(5000)
  })
})
