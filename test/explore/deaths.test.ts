import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Specification } from '../../src/history/specification.js'
import type { Cells } from '../../src/memory/cells.js'

const exhaustive = ['dpor', 'stateful', 'preemption-bounded'] as const

const twoSteps = (cells: Cells) => {
  cells.add(0, 1)
  cells.add(1, 1)
}

function outcomes(deaths: number, strategy: (typeof exhaustive)[number]): string[] {
  return [...explore({ cells: 2, threads: [twoSteps, twoSteps], deaths, strategy }).outcomes.keys()].toSorted()
}

describe('the death of a thread', () => {
  it('comes before any of its operations, of one thread or of the other', () => {
    for (const strategy of exhaustive) {
      expect(outcomes(1, strategy)).to.deep.equal([
        '[1, 1] returned [died, undefined]',
        '[1, 1] returned [undefined, died]',
        '[2, 1] returned [died, undefined]',
        '[2, 1] returned [undefined, died]',
        '[2, 2]',
      ])
    }
  })

  it('may come as often as is said', () => {
    for (const strategy of exhaustive) {
      const both = outcomes(2, strategy).filter((text) => text.endsWith('[died, died]'))
      expect(both).to.deep.equal(['[0, 0]', '[1, 0]', '[2, 0]'].map((cells) => `${cells} returned [died, died]`))
    }
  })

  it('is seen by whoever is told of it, at some moment or never', () => {
    const works = (cells: Cells) => {
      cells.store(0, 1)
      cells.store(0, 0)
    }
    const frees = (cells: Cells, _call: unknown, _local: unknown, dead: number) => cells.store(1, dead + 1)
    for (const strategy of exhaustive) {
      const found = explore({ cells: 2, threads: [works, works], deaths: 1, onDeath: frees, strategy })
      const dead = [...found.outcomes.keys()].filter((text) => text.includes('died'))
      expect(found.verdict).to.equal('valid')
      expect(dead.some((text) => text.startsWith('[0, 1]'))).to.equal(true)
      expect(dead.some((text) => text.startsWith('[0, 2]'))).to.equal(true)
      expect([...found.outcomes.keys()]).to.include('[0, 0]')
    }
  })

  it('leaves an operation that never returned: it may have taken effect, or not', () => {
    const register: Specification<number, 'write' | 'read', number> = {
      initial: 0,
      apply: (state, action, result) =>
        action === 'write' ? 1 : result === undefined || result === state ? state : undefined,
    }
    const program = {
      cells: 2,
      threads: [
        (cells: Cells, call: <R>(action: unknown, run: () => R) => R) => call('write', () => cells.store(0, 1)),
        (cells: Cells, call: <R>(action: unknown, run: () => R) => R) => [
          call('read', () => cells.load(0)),
          call('read', () => cells.load(0)),
        ],
      ],
      deaths: 1,
      specification: register,
    }
    for (const strategy of exhaustive) expect(explore({ ...program, strategy }).verdict).to.equal('valid')
    // One that takes effect and is taken back was never of a register.
    const torn = {
      ...program,
      threads: [
        (cells: Cells, call: <R>(action: unknown, run: () => R) => R) =>
          call('write', () => {
            cells.store(0, 1)
            cells.store(0, 0)
            cells.store(0, 1)
          }),
        program.threads[1] as (typeof program.threads)[1],
      ],
    }
    for (const strategy of exhaustive) {
      expect(explore({ ...torn, strategy }).failure?.kind).to.equal('not-linearizable')
    }
  })
})
