import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Program } from '../../src/explore/program.js'
import { small } from './small-programs.js'

/** As published by the GenMC project, `expected.sc.mo.in`; the rest follows from the formulas given there. */
const known: readonly [name: string, program: Program, traces: number][] = [
  ['lastzero 2', small.lastzero(2), 5],
  ['lastzero 3', small.lastzero(3), 12],
  ['lastzero 4', small.lastzero(4), 28],
  ['lastzero 5', small.lastzero(5), 64],
  ['lastzero 6', small.lastzero(6), 144],
  ['readers 2', small.readers(2), 4],
  ['readers 8', small.readers(8), 256],
  ['readers 10', small.readers(10), 1024],
  ['ainc 2', small.ainc(2), 2],
  ['ainc 3', small.ainc(3), 6],
  ['ainc 4', small.ainc(4), 24],
  ['ainc 6', small.ainc(6), 720],
  ['binc 2', small.binc(2), 4],
  ['binc 3', small.binc(3), 36],
  ['inc 2', small.inc(2), 4],
  ['inc 3', small.inc(3), 36],
  ['cas 3', small.cas(3), 3],
  ['cas 5', small.cas(5), 5],
  ['casrot 2', small.casrot(2), 2],
  ['casrot 3', small.casrot(3), 5],
  ['casrot 4', small.casrot(4), 14],
  ['casw 2', small.casw(2), 6],
  ['CoA 1', small.coa(1), 4],
  ['CoA 2', small.coa(2), 15],
  ['SB', small.storeBuffering(), 3],
  ['MP', small.messagePassing(), 3],
  ['LB', small.loadBuffering(), 3],
  ['2+2W', small.twoWriters(), 3],
  ['IRIW', small.independentReads(), 15],
]

describe('programs with known counts', () => {
  for (const [name, program, traces] of known) {
    it(`${name}: ${traces} executions`, () => {
      const found = explore({ ...program, strategy: 'dpor' })
      expect(found).to.include({ verdict: 'valid', exhausted: true, traces })
    })

    it(`${name}: the same outcomes, whoever explores`, () => {
      const outcomes = (['dpor', 'stateful', 'preemption-bounded'] as const).map((strategy) =>
        [...explore({ ...program, strategy }).outcomes.keys()].toSorted(),
      )
      expect(outcomes[1]).to.deep.equal(outcomes[0])
      expect(outcomes[2]).to.deep.equal(outcomes[0])
    })
  }

  it('are the same with questions asked', () => {
    for (const [, program, traces] of known) {
      const asked = { check: () => undefined, onWrite: () => undefined, invariant: () => undefined }
      expect(explore({ ...program, ...asked, strategy: 'dpor' }).traces).to.equal(traces)
    }
  })

  it('count exactly how many interleavings there are, where threads always make as many operations', () => {
    // (4 · 2)! ÷ 2!⁴ of four threads with two operations each.
    for (const strategy of ['dpor', 'stateful'] as const) {
      expect(explore({ ...small.inc(4), strategy }).interleavings).to.equal(2520n)
    }
    expect(explore({ ...small.lastzero(4), strategy: 'dpor' }).interleavings).to.equal(undefined)
  })
})
