import { expect } from 'chai'
import checker from '../../src/checkers/outage-recovery.js'
import type { Evidence, StageEvidence } from '../../src/evidence.js'
import { circuit, detailsOf, evidence, judgementOf, outcomes, plan, transitions, worker } from '../evidence-builder.js'

const resultOf = (changes: Partial<Evidence>) => judgementOf(checker, evidence(changes)).result
const stagesWith = (role: StageEvidence['role'], change: Partial<StageEvidence>) =>
  evidence().stages.map((one) => (one.role === role ? { ...one, ...change } : one))

describe('checker outage-recovery', () => {
  it('accepts a circuit that opened, refused and closed again, and says when', () => {
    const { result, summary } = judgementOf(checker, evidence())
    expect(result).to.equal('valid')
    expect(summary).to.include('outage: 1 of 1 view opened, first 40 ms into it; 478 refused')
    expect(summary).to.include('recovery: 1 closed again, the last 20 ms after it; 400 succeeded')
  })

  it('rejects a load in which the circuit never opened', () => {
    const circuits = [circuit({ transitions: [], probes: [] })]
    expect(resultOf({ circuits })).to.equal('invalid')
    expect(detailsOf(checker, evidence({ circuits }))).to.include('proves nothing')
  })

  it('rejects a circuit that opened, but only before the outage', () => {
    const early = transitions().map((record) => ({ ...record, atMs: record.atMs - 2000 }))
    expect(resultOf({ circuits: [circuit({ transitions: early })] })).to.equal('invalid')
  })

  it('accepts a circuit that was open already when the outage began', () => {
    const [open, ...rest] = transitions()
    const log = open ? [{ ...open, atMs: 1900 }, ...rest.slice(2)] : []
    expect(resultOf({ circuits: [circuit({ transitions: log })] })).to.equal('valid')
  })

  it('rejects an outage in which no call was refused', () => {
    expect(resultOf({ stages: stagesWith('outage', { outcomes: outcomes({ error: 500 }) }) })).to.equal('invalid')
  })

  it('rejects a circuit that did not close again', () => {
    const circuits = [circuit({ transitions: transitions().slice(0, 4), finalState: 'half-open' })]
    expect(detailsOf(checker, evidence({ circuits }))).to.include('never closed again')
  })

  it('rejects a recovery in which no call succeeded', () => {
    expect(resultOf({ stages: stagesWith('recovery', { outcomes: outcomes({ error: 400 }) }) })).to.equal('invalid')
  })

  it('does not know what stages that never ran would have shown', () => {
    expect(resultOf({ interrupted: true, stages: evidence().stages.slice(0, 2) })).to.equal('unknown')
    expect(resultOf({ interrupted: true, stages: evidence().stages.slice(0, 3) })).to.equal('unknown')
  })

  it('asks every view, but none whose worker was killed', () => {
    const never = circuit({ view: 1, transitions: [] })
    const circuits = [circuit({ view: 0 }), never]
    expect(resultOf({ circuits })).to.equal('invalid')
    const workers = [worker(0, 10, { success: 10 }), worker(1, 10, { success: 10 }, { end: 'killed' })]
    expect(resultOf({ circuits, workers })).to.equal('valid')
  })

  it('does not apply without an outage in the plan, or without a circuit', () => {
    const calm = plan({ stages: plan().stages.slice(0, 2) })
    expect(checker.applies?.(evidence({ plan: calm }))).to.equal('the plan has no outage')
    expect(checker.applies?.(evidence({ circuits: [] }))).to.equal('the target has no circuit')
  })
})
