import { expect } from 'chai'
import checker from '../../src/checkers/legal-transitions.js'
import type { CircuitEvidence } from '../../src/evidence.js'
import { circuit, detailsOf, evidence, judgementOf, transitions, transitionsWith } from '../evidence-builder.js'

const withCircuit = (changes: Partial<CircuitEvidence>) => evidence({ circuits: [circuit(changes)] })
const resultOf = (changes: Partial<CircuitEvidence>) => judgementOf(checker, withCircuit(changes)).result

describe('checker legal-transitions', () => {
  it('accepts a full round through open and half-open', () => {
    const { result, summary } = judgementOf(checker, evidence())
    expect(result).to.equal('valid')
    expect(summary).to.include('5 transitions of 1 view')
  })

  it('accepts a circuit that never left closed', () => {
    expect(resultOf({ transitions: [] })).to.equal('valid')
  })

  for (const [from, to] of [
    ['closed', 'half-open'],
    ['open', 'closed'],
    ['closed', 'closed'],
    ['half-open', 'half-open'],
    ['forced-open', 'forced-open'],
  ] as const) {
    it(`rejects ${from} → ${to}`, () => {
      const log = [...transitions(), { from, to, epoch: 7, atMs: 3500 }]
      expect(detailsOf(checker, withCircuit({ transitions: log, finalState: to }))).to.include('no breaker may do this')
    })
  }

  it('accepts what a person sets, from and to any other state', () => {
    const log = [
      { from: 'closed', to: 'forced-open', epoch: 2, atMs: 1 },
      { from: 'forced-open', to: 'metrics-only', epoch: 3, atMs: 2 },
      { from: 'metrics-only', to: 'closed', epoch: 4, atMs: 3 },
    ] as const
    expect(resultOf({ transitions: log })).to.equal('valid')
  })

  it('rejects a record that does not begin where the one before it ended, and names it', () => {
    const details = detailsOf(checker, withCircuit({ transitions: transitionsWith(2, { from: 'closed' }) }))
    expect(details).to.include(
      'shared view, transition 2 (epoch 4, closed → open at 2,260 ms): the circuit was half-open',
    )
  })

  it('rejects an epoch that is left out', () => {
    const log = transitions().map((record, at) => (at > 2 ? { ...record, epoch: record.epoch + 1 } : record))
    expect(resultOf({ transitions: log })).to.equal('invalid')
  })

  it('rejects an epoch that comes twice', () => {
    expect(resultOf({ transitions: transitionsWith(3, { epoch: 4 }) })).to.equal('invalid')
  })

  it('accepts an epoch that wraps to 0, and only at a power of two', () => {
    const from = (first: number) => transitions().map((record, at) => ({ ...record, epoch: at === 0 ? first : at - 1 }))
    expect(resultOf({ transitions: from(2 ** 20 - 1) })).to.equal('valid')
    expect(resultOf({ transitions: from(2 ** 20) })).to.equal('invalid')
    expect(resultOf({ transitions: from(7) })).to.equal('invalid')
  })

  it('rejects a time that falls', () => {
    expect(resultOf({ transitions: transitionsWith(3, { atMs: 2200 }) })).to.equal('invalid')
  })

  it('takes clocks of two threads that differ by less than a millisecond for the same time', () => {
    expect(resultOf({ transitions: transitionsWith(2, { atMs: 2239.5 }) })).to.equal('valid')
  })

  it('rejects a first record that does not start from closed', () => {
    expect(resultOf({ transitions: transitions().slice(1) })).to.equal('invalid')
  })

  it('rejects a final state that the log does not lead to', () => {
    expect(resultOf({ finalState: 'open' })).to.equal('invalid')
  })

  it('does not know where transitions could not be read, though the gap itself is accounted for', () => {
    expect(resultOf({ transitions: transitions().slice(2), lost: 2 })).to.equal('unknown')
    expect(resultOf({ transitions: transitions().filter((_, at) => at !== 2), lost: 1 })).to.equal('unknown')
  })

  it('rejects a gap that is larger than what could not be read', () => {
    expect(resultOf({ transitions: transitions().filter((_, at) => at !== 1 && at !== 2), lost: 1 })).to.equal(
      'invalid',
    )
  })

  it('rejects an illegal record although others could not be read', () => {
    expect(resultOf({ transitions: transitionsWith(4, { to: 'half-open' }), lost: 1 })).to.equal('invalid')
  })

  it('judges every view and names the one at fault', () => {
    const circuits = [circuit({ view: 0 }), circuit({ view: 1, finalState: 'open' })]
    expect(detailsOf(checker, evidence({ circuits }))).to.match(/^view of worker 1: ended open/)
  })

  it('does not apply to a target without a circuit', () => {
    expect(checker.applies?.(evidence({ circuits: [] }))).to.equal('the target has no circuit')
  })
})
