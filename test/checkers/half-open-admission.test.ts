import { expect } from 'chai'
import checker from '../../src/checkers/half-open-admission.js'
import type { ProbeRecord } from '../../src/evidence.js'
import { circuit, detailsOf, evidence, judgementOf, transitions } from '../evidence-builder.js'

const probe = (changes: Partial<ProbeRecord>): ProbeRecord => ({
  epoch: 3,
  worker: 0,
  admitted: 0,
  returned: 0,
  lost: 0,
  ...changes,
})
const withProbes = (...probes: ProbeRecord[]) => evidence({ circuits: [circuit({ probes })] })
const resultOf = (...probes: ProbeRecord[]) => judgementOf(checker, withProbes(...probes)).result

describe('checker half-open-admission', () => {
  it('accepts as many probes as are permitted in each half-open life', () => {
    const { result, summary } = judgementOf(checker, evidence())
    expect(result).to.equal('valid')
    expect(summary).to.equal('2 half-open lives, at most 3 probes each; the most admitted and not given back: 3')
  })

  it('rejects one more, summed over the workers, and names the epoch', () => {
    const of = withProbes(probe({ admitted: 2 }), probe({ worker: 1, admitted: 2 }))
    expect(judgementOf(checker, of).result).to.equal('invalid')
    expect(detailsOf(checker, of)).to.equal('shared view, epoch 3: 4 admitted − 0 given back = 4 probes, permitted 3')
  })

  it('accepts more where permissions came back or were reclaimed', () => {
    expect(resultOf(probe({ admitted: 5, returned: 1, lost: 1 }))).to.equal('valid')
    expect(resultOf(probe({ admitted: 6, returned: 1, lost: 1 }))).to.equal('invalid')
  })

  it('rejects probes of an epoch in which the circuit was not half-open', () => {
    expect(resultOf(probe({ epoch: 4, admitted: 1 }))).to.equal('invalid')
  })

  it('does not know when a shared circuit was half-open and no probe was recorded', () => {
    expect(resultOf()).to.equal('unknown')
    const { probes: _, ...untold } = circuit()
    expect(judgementOf(checker, evidence({ circuits: [untold] })).result).to.equal('unknown')
  })

  it('does not know when transitions could not be read', () => {
    expect(judgementOf(checker, evidence({ circuits: [circuit({ lost: 1 })] })).result).to.equal('unknown')
  })

  it("does not apply to breakers of each worker's own that can't tell their probes", () => {
    const { probes: _, ...untold } = circuit({ view: 0 })
    const plan = { ...evidence().plan, target: 'opossum' }
    expect(checker.applies?.(evidence({ plan, circuits: [untold] }))).to.equal("opossum can't tell its probes")
  })

  it('does not apply to a circuit that was never half-open', () => {
    const circuits = [circuit({ transitions: transitions().slice(0, 1), finalState: 'open', probes: [] })]
    expect(checker.applies?.(evidence({ circuits }))).to.equal('the circuit was never half-open')
  })
})
