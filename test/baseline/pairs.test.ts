import { expect } from 'chai'
import { comparePairs, type Pair, sameOf } from '../../src/baseline/pairs.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import type { Random } from '../../src/world/random.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { evidence, plan, report } from '../evidence-builder.js'
import { turns } from '../reporting/overhead-evidence.js'

const ROUNDS = 20

/** A run in turns with another; `speeds` is what the machine gave in each round, to both. */
function run(target: string, ns: number, speeds: readonly number[], random: Random) {
  const each = (value: number) => speeds.map((speed) => value * speed * (1 + 0.05 * (random.next() - 0.5)))
  return report({
    evidence: evidence({
      plan: overheadSync.plan({ target }),
      overhead: turns({ bareNs: each(50), guardedNs: each(ns) }),
    }),
  })
}

/** Pairs on a machine that is up to three times as slow from round to round, and a thread a few percent off by itself. */
function pairs(factor: number, seed: number, count = 8, target = 'opossum'): Pair[] {
  const random = seededRandom(seed)
  const own = () => 1 + 0.06 * (random.next() - 0.5)
  return Array.from({ length: count }, () => {
    const speeds = Array.from({ length: ROUNDS }, () => 1 + 2 * random.next())
    return {
      before: run('shared', 100 * own(), speeds, random),
      after: run(target, 100 * factor * own(), speeds, random),
    }
  })
}

const same = sameOf(pairs(1, 99, 20, 'shared'))
const gating = (found: ReturnType<typeof comparePairs>) => found.compared.filter(({ gates }) => gates)

describe('comparison of pairs', () => {
  it('finds a tenth on a machine that changes threefold all along', () => {
    const found = comparePairs(pairs(1.1, 1), same, [])
    expect(found.answer).to.equal('regressed')
    expect(gating(found).map(({ metric }) => metric)).to.deep.equal(['guarded ns'])
    expect(gating(found)[0]?.worse?.estimate).to.be.closeTo(1.1, 0.03)
  })

  it('finds what is faster, and what stayed', () => {
    expect(comparePairs(pairs(0.9, 1), same, []).answer).to.equal('improved')
    expect(comparePairs(pairs(1, 1), same, []).answer).to.equal('same')
  })

  it('calls nothing a regression that the same came to against itself', () => {
    const biased = sameOf(pairs(1.12, 99, 20, 'shared'))
    expect(comparePairs(pairs(1.1, 1), biased, []).answer).to.equal('same')
    expect(gating(comparePairs(pairs(1.1, 1), biased, []))[0]?.noise).to.be.closeTo(0.12, 0.02)
  })

  it('asks for pairs enough of both kinds', () => {
    const reasons = (found: ReturnType<typeof comparePairs>) => gating(found).map(({ reason }) => reason)
    expect(reasons(comparePairs(pairs(2, 1, 5), same, []))).to.deep.equal(['5 pairs; 6 are needed'])
    expect(reasons(comparePairs(pairs(2, 1), [], []))).to.deep.equal([
      '0 pairs of the same against the same; 6 are needed',
    ])
    expect(comparePairs(pairs(2, 1), [], []).answer).to.equal('incomparable')
  })

  it('holds runs under load against each other by their figures, and takes less throughput for worse', () => {
    const loaded = (throughput: number, target: string) => {
      const whole = evidence({ plan: plan({ target }) })
      const stages = whole.stages.map((stage) => ({ ...stage, endedAtMs: stage.startedAtMs + 1e6 / throughput }))
      return report({ evidence: { ...whole, stages } })
    }
    const many = (after: number, target: string) =>
      Array.from({ length: 8 }, (_, pair): Pair => {
        return { before: loaded(1000, 'shared'), after: loaded(after + pair, target) }
      })
    const found = comparePairs(many(800, 'opossum'), sameOf(many(1000, 'shared')), [])
    expect(gating(found).map(({ metric, answer }) => `${metric} ${answer}`)).to.deep.equal([
      'throughput regressed',
      'p50 same',
    ])
  })

  it('leaves out pairs of which a run was cut short', () => {
    const [first] = pairs(1, 1)
    const cut = { ...(first as Pair), after: report({ evidence: evidence({ interrupted: true }) }) }
    expect(sameOf([cut])).to.deep.equal([])
  })

  it('cries wolf of the same against the same at most once in twenty, and finds a tenth nineteen times', () => {
    const found = (factor: number) =>
      Array.from({ length: 60 }, (_, seed) => comparePairs(pairs(factor, seed + 100), same, []).answer).filter(
        (answer) => answer === 'regressed',
      ).length
    expect(found(1)).to.be.at.most(3)
    expect(found(1.1)).to.be.at.least(57)
  }).timeout(180_000)
})
