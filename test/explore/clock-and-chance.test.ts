import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Body, ThreadWorld } from '../../src/explore/program.js'

const exhaustive = ['dpor', 'stateful', 'preemption-bounded'] as const
const reads: Body<ThreadWorld> = (_cells, _call, { clock }) => [clock.nowMs(), clock.nowMs()]

describe('time and chance', () => {
  it('stand still, if nothing else is said', () => {
    const { outcomes, traces } = explore({
      cells: 1,
      threads: [(_cells, _call, { clock, random, thread }) => [clock.nowMs(), random(), thread]],
    })
    expect([...outcomes.keys()]).to.deep.equal(['[0] returned [[0,0.5,0]]'])
    expect(traces).to.equal(1)
  })

  it('move on at any moment, and never back', () => {
    for (const strategy of exhaustive) {
      const { outcomes } = explore({ cells: 1, threads: [reads], clock: { startMs: 100, ticksMs: [5, 10] }, strategy })
      expect([...outcomes.keys()].toSorted()).to.deep.equal(
        ['100,100', '100,105', '100,115', '105,105', '105,115', '115,115'].map((times) => `[0] returned [[${times}]]`),
      )
    }
  })

  it('draw each value, for each draw', () => {
    const draws: Body<ThreadWorld> = (_cells, _call, { random }) => [random(), random()]
    for (const strategy of exhaustive) {
      const { outcomes, exhausted } = explore({ cells: 1, threads: [draws], random: [0.1, 0.5, 0.9], strategy })
      expect(exhausted).to.equal(true)
      expect(outcomes.size).to.equal(9)
    }
  })

  it('are replayed by their schedule', () => {
    const fails: Body<ThreadWorld> = (cells, _call, { random, clock }) => {
      cells.load(0)
      if (random() > 0.8 && clock.nowMs() === 105) throw new Error('late and unlucky')
    }
    const program = { cells: 1, threads: [fails], random: [0.1, 0.9], clock: { startMs: 100, ticksMs: [5] } }
    const { failure } = explore(program)
    expect(failure?.reason).to.include('late and unlucky')
    expect(failure?.schedule).to.match(/:1a/)
    const again = explore({ ...program, strategy: 'replay', schedule: failure?.schedule ?? '' })
    expect(again.failure).to.deep.equal(failure)
  })
})
