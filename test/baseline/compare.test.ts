import { expect } from 'chai'
import type { Baseline } from '../../src/baseline/baseline.js'
import { compare, noiseOf } from '../../src/baseline/compare.js'
import { comparisonText } from '../../src/baseline/table.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { evidence } from '../evidence-builder.js'

/** So many runs, each a little off by chance from a seed. */
function around(value: number, seed: number, count = 10, spread = 0.02): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => value * (1 + spread * (random.next() - 0.5)))
}

function baseline(values: Record<string, number[]>, changes: Partial<Baseline> = {}, calibrationMs = 10): Baseline {
  const runs = Math.max(...Object.values(values).map(({ length }) => length))
  return {
    baselineVersion: 1,
    calibrationVersion: 1,
    savedAt: '2026-01-02T03:04:05.678Z',
    environment: evidence().environment,
    runs: [
      {
        scenario: 'overhead-sync',
        target: 'shared',
        plan: '{}',
        values,
        calibrationMs: around(calibrationMs, 9, runs, 0),
      },
    ],
    ...changes,
  }
}

const before = baseline({ 'guarded call': around(2, 1), p99: around(5, 2) })

function answers(after: Baseline, from = before): string[] {
  return compare(from, after).compared.map(({ metric, answer }) => `${metric} ${answer}`)
}

describe('comparison with a baseline', () => {
  it('finds what became a tenth slower', () => {
    const { answer, compared } = compare(before, baseline({ 'guarded call': around(2.2, 3) }))
    expect(answer).to.equal('regressed')
    const found = compared.find(({ metric }) => metric === 'guarded call')
    expect(found?.worse?.estimate).to.be.closeTo(1.1, 0.01)
    expect(found?.probability).to.be.below(0.05)
  })

  it('finds what became a tenth faster, and what stayed', () => {
    expect(answers(baseline({ 'guarded call': around(1.8, 3), p99: around(5, 4) }))).to.deep.equal([
      'p99 same',
      'guarded call improved',
    ])
  })

  it('takes less throughput for worse', () => {
    const from = baseline({ throughput: around(1000, 1) })
    expect(answers(baseline({ throughput: around(900, 3) }), from)).to.deep.equal(['throughput regressed'])
    expect(answers(baseline({ throughput: around(1100, 3) }), from)).to.deep.equal(['throughput improved'])
  })

  it('doesn’t call what is within the noise of the baseline a regression', () => {
    const noisy = baseline({ p50: around(2, 1, 10, 1.2) })
    expect(noiseOf(around(2, 1, 10, 1.2))).to.be.above(0.05)
    expect(answers(baseline({ p50: around(2.1, 3, 10, 1.2) }), noisy)).to.deep.equal(['p50 inconclusive'])
  })

  it('asks for more where many metrics could fail, however many more inform', () => {
    const of = (names: readonly string[]) => (seed: number) =>
      Object.fromEntries(names.map((name) => [name, around(5, seed, 7)]))
    const [informing, gating] = [of(['p95', 'p99', 'guarded ns']), of(['throughput', 'guarded call'])]
    const from = [0.98, 0.99, 1, 1.01, 1.02, 1.03, 1.04]
    const to = [1.2, 1.21, 1.22, 1.23, 1.24, 1.25, 0.9]
    const found = (others: (seed: number) => Record<string, number[]>) =>
      answers(baseline({ p50: to, ...others(4) }), baseline({ p50: from, ...others(3) }))
    expect(found(informing)).to.include('p50 regressed')
    expect(found(gating)).to.include('p50 inconclusive')
  })

  it('lets a metric that informs fail nothing', () => {
    const { answer, compared } = compare(before, baseline({ 'guarded call': around(2, 3), p99: around(9, 4) }))
    expect(compared.map((one) => one.answer)).to.include('regressed')
    expect(answer).to.equal('same')
  })

  it('asks for runs enough to tell anything', () => {
    const few = compare(before, baseline({ 'guarded call': around(4, 3, 4) }))
    expect(few.compared.find(({ metric }) => metric === 'guarded call')).to.deep.include({
      answer: 'incomparable',
      reason: '10 and 4 runs; 5 a side are needed',
    })
  })

  it('compares the same load alone', () => {
    const [run] = before.runs
    const other = { ...before, runs: run ? [{ ...run, plan: '{"other":1}' }] : [] }
    expect(compare(before, other).compared.map(({ reason }) => reason)).to.deep.equal([
      'the baseline has other loads of it',
      'these runs are in the baseline alone',
    ])
    expect(compare(before, other).answer).to.equal('incomparable')
  })

  it('takes a slower machine out of what scales with it', () => {
    const from = baseline({ 'guarded ns': around(200, 1) })
    const slower = baseline({ 'guarded ns': around(400, 3) }, {}, 20)
    expect(answers(slower, from)).to.deep.equal(['guarded ns same'])
    expect(answers(baseline({ 'guarded ns': around(400, 3) }), from)).to.deep.equal(['guarded ns regressed'])
  })

  it('trusts another machine’s baseline less, and says how much', () => {
    const environment = { ...before.environment, cpuModel: 'another processor' }
    const elsewhere = (value: number) =>
      compare(before, baseline({ 'guarded call': around(value, 3) }, { environment }))
    expect(elsewhere(2.2).answer).to.equal('same')
    expect(elsewhere(2.8).answer).to.equal('regressed')
    expect(elsewhere(2).trust.join()).to.match(/another machine .* 1\.00 × as long here; differences below 20 %/)
  })

  it('names another Node and another reference workload', () => {
    const environment = { ...before.environment, node: 'v99' }
    const { trust } = compare(before, { ...before, environment, calibrationVersion: 2 })
    expect(trust.join()).to.match(/another Node: .*v99.*another reference workload/)
  })

  it('says the same of the same evidence', () => {
    const after = baseline({ 'guarded call': around(2.05, 3) })
    expect(compare(before, after)).to.deep.equal(compare(before, after))
  })

  it('cries wolf of the same against the same at most once in twenty, and finds a tenth nineteen times', () => {
    const pair = (seed: number, factor: number) => {
      const from = baseline({ 'guarded call': around(2, seed, 10, 0.1), p50: around(5, seed + 500, 10, 0.1) })
      const to = { 'guarded call': around(2 * factor, seed + 1000, 10, 0.1), p50: around(5, seed + 1500, 10, 0.1) }
      return compare(from, baseline(to)).answer === 'regressed'
    }
    const found = (factor: number) => Array.from({ length: 60 }, (_, seed) => pair(seed, factor)).filter(Boolean).length
    expect(found(1)).to.be.at.most(3)
    expect(found(1.1)).to.be.at.least(57)
  }).timeout(180_000)

  it('stands in a table with the answer below', () => {
    const text = comparisonText(compare(before, baseline({ 'guarded call': around(2.2, 3) })), (_, word) => word, 200)
    expect(text).to.match(/overhead-sync on shared +guarded call +\S+ bare calls +2\.\S+ bare calls +\+\d+(\.\d)? % /)
    expect(text).to.match(/\nREGRESSED /)
    expect(text).to.match(/\(p99\)/)
  })
})
