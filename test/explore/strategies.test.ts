import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Cells } from '../../src/memory/cells.js'
import { FakeClock } from '../fake-clock.js'
import { small } from './small-programs.js'

const increment = (cells: Cells) => cells.store(0, cells.load(0) + 1)
const lostUpdate = {
  cells: 1,
  threads: [increment, increment],
  check: (cells: Cells) => {
    if (cells.load(0) !== 2) throw new Error('an update was lost')
  },
}
const strategies = ['dpor', 'stateful', 'preemption-bounded', 'pct', 'random'] as const
const exhaustive = ['dpor', 'stateful', 'preemption-bounded'] as const

/** Each look at it takes a millisecond. */
class ImpatientClock extends FakeClock {
  override nowMs(): number {
    this.pass(1)
    return super.nowMs()
  }
}

describe('every strategy', () => {
  for (const strategy of strategies) {
    it(`${strategy} finds a lost update, the same each time`, () => {
      const [one, other] = [explore({ ...lostUpdate, strategy }), explore({ ...lostUpdate, strategy })]
      expect(one.verdict).to.equal('invalid')
      expect(other.failure).to.deep.equal(one.failure)
      expect(other.traces).to.equal(one.traces)
    })

    it(`${strategy} stops for its budget of time, and is then unknown`, () => {
      const budget = { timeMs: 3, executions: 1_000_000_000 }
      const found = explore({ ...small.ainc(9), strategy, budget }, new ImpatientClock())
      expect(found).to.include({ verdict: 'unknown', exhausted: false })
    })

    it(`${strategy} has nothing to say against a program that is right`, () => {
      const { verdict, outcomes } = explore({ ...small.ainc(3), strategy })
      expect(verdict).to.equal('valid')
      expect([...outcomes.keys()]).to.deep.equal(['[3]'])
    })
  }

  for (const strategy of exhaustive) {
    it(`${strategy} stops for its budget of executions`, () => {
      const found = explore({ ...small.ainc(7), strategy, budget: { executions: 10 } })
      expect(found.verdict).to.equal(found.exhausted ? 'valid' : 'unknown')
      expect(explore({ ...small.readers(8), strategy, budget: { executions: 10 } })).to.include({
        verdict: 'unknown',
        exhausted: false,
      })
    })
  }

  for (const strategy of ['stateful', 'preemption-bounded'] as const) {
    it(`${strategy} stops for its budget of states`, () => {
      const found = explore({ ...small.readers(8), strategy, budget: { states: 100 } })
      expect(found).to.include({ verdict: 'unknown', exhausted: false, states: 100 })
    })
  }
})

describe('strategies that sample', () => {
  for (const strategy of ['pct', 'random'] as const) {
    it(`${strategy} makes so many executions, and never says that it has seen all`, () => {
      const found = explore({ ...small.inc(2), strategy, budget: { executions: 77 } })
      expect(found).to.include({ verdict: 'valid', exhausted: false, traces: 77 })
      expect(explore({ ...small.inc(2), strategy }).traces).to.equal(1000)
    })

    it(`${strategy} finds every outcome of a small program, with enough executions`, () => {
      const { outcomes } = explore({ ...small.inc(3), strategy, depth: 5, budget: { executions: 5000 } })
      expect(outcomes.size).to.equal(explore({ ...small.inc(3) }).outcomes.size)
    })

    it(`${strategy} goes another way with another seed`, () => {
      const schedules = [1, 2, 3, 4, 5, 6].map((seed) => {
        const { failure } = explore({ ...lostUpdate, strategy, seed, budget: { executions: 100 } })
        return failure?.kind
      })
      expect(schedules).to.deep.equal(new Array(6).fill('check'))
    })
  }

  it('pct finds a fault of three ordering constraints at least as often as is proven', () => {
    // Thread 1 must run after the first store, and be over before the second: d = 3 of 2 threads with 4 and 2 steps.
    const program = {
      cells: 2,
      threads: [
        (cells: Cells) => {
          cells.store(0, 1)
          cells.load(1)
          cells.load(1)
          cells.store(0, 0)
        },
        (cells: Cells) => {
          if (cells.load(0) === 1 && cells.load(0) === 1) throw new Error('seen twice')
        },
      ],
    }
    const seeds = 400
    let found = 0
    for (let seed = 0; seed < seeds; seed++) {
      const budget = { executions: 1 }
      if (explore({ ...program, strategy: 'pct', depth: 3, seed, budget }).verdict === 'invalid') found += 1
    }
    // 1 ÷ (n · k^(d − 1)), with the 16 steps that an execution is at first taken to have.
    expect(found / seeds).to.be.at.least(1 / (2 * 16 ** 2))
  })
})

describe('preemption bounding', () => {
  it('says up to which bound all was explored', () => {
    const bounded = explore({ ...small.inc(3), strategy: 'preemption-bounded', preemptions: 0 })
    expect(bounded).to.include({ verdict: 'valid', exhausted: false, preemptions: 0 })
    const all = explore({ ...small.inc(3), strategy: 'preemption-bounded' })
    expect(all).to.include({ verdict: 'valid', exhausted: true })
    expect(bounded.outcomes.size).to.be.below(all.outcomes.size)
  })

  it('finds the failure with the fewest preemptions first', () => {
    // Needs two: into the middle of thread 0, and back before thread 1 has stored.
    const threads = [
      (cells: Cells) => {
        cells.store(0, 1)
        cells.store(0, 0)
      },
      (cells: Cells) => {
        const first = cells.load(0)
        const second = cells.load(0)
        if (first === 1 && second === 0) throw new Error('seen and gone')
      },
    ]
    const { failure } = explore({ cells: 1, threads, strategy: 'preemption-bounded' })
    expect(failure?.preemptions).to.equal(2)
  })
})
