import { expect } from 'chai'
import conservation from '../../../src/checkers/conservation.js'
import legalTransitions from '../../../src/checkers/legal-transitions.js'
import type { Evidence } from '../../../src/evidence.js'
import type { CaseName } from '../../../src/exhaustion.js'
import resourceExhaustion from '../../../src/scenarios/resource-exhaustion.js'
import { joined, type RanCase } from '../../../src/stress/contained/joining.js'
import { judgementOf, outcomes } from '../../evidence-builder.js'
import { exhausted } from '../../reporting/exhaustion-evidence.js'

const durationMs = 6000

/** As the process of a case tells it: it knows of no other. */
function ran(name: CaseName): RanCase {
  const { workers, circuits, ...made } = exhausted(name)
  const evidence: Evidence = {
    ...made,
    durationMs,
    workers: workers.map(({ process: _, ...worker }) => worker),
    circuits: circuits.map(({ process: _, ...circuit }) => ({
      ...circuit,
      outcomes: outcomes({ success: 1310, error: 22, refused: 478 }),
    })),
  }
  const [told] = evidence.exhaustion?.cases ?? []
  if (!told) throw new Error('no case')
  return { told, evidence }
}

const gone: RanCase = {
  told: { case: 'process-heap', signs: { 'out of memory': 1 }, process: { end: 'ended', endedByItself: true } },
}

describe('the evidence of several processes', () => {
  const cases = ['disk', 'process-heap', 'sockets'] as const
  const plan = resourceExhaustion.plan({ cases })
  const all = joined(plan, [ran('disk'), gone, ran('sockets')], '2026-01-02T03:04:05.678Z', false)

  it('is that of one run, one after another', () => {
    expect(all.durationMs).to.equal(2 * durationMs)
    expect(all.stages.map(({ name }) => name)).to.deep.equal([...plan.stages.map(({ name }) => name), 'drain'])
    expect(all.exhaustion?.cases.map((told) => told.case)).to.deep.equal(cases)
    const before = all.stages.find(({ name }) => name === 'sockets: before')
    expect(before).to.include({ startedAtMs: durationMs + 1000, endedAtMs: durationMs + 2000, started: 500 })
  })

  it('has stages without a call where a process told nothing', () => {
    const empty = all.stages.filter(({ name }) => name.startsWith('process-heap'))
    expect(empty.map(({ started, endedAtMs, startedAtMs }) => started + endedAtMs - startedAtMs)).to.deep.equal(
      new Array(7).fill(0),
    )
  })

  it('tells workers and views apart by their process', () => {
    expect(all.workers.map(({ worker, process }) => [worker, process])).to.deep.equal([
      [0, 0],
      [1, 0],
      [2, 2],
      [3, 2],
    ])
    expect(all.circuits.map(({ process }) => process)).to.deep.equal([0, 2])
    expect(all.circuits[1]?.transitions[0]?.atMs).to.equal(durationMs + 2040)
    expect(all.circuits[1]?.probes).to.equal(undefined)
  })

  it('counts what reached the backend where it did', () => {
    const at = plan.stages.findIndex(({ name }) => name === 'sockets: used up')
    expect(all.downstream.receivedByStage[at]).to.equal(22)
    expect(all.downstream.received).to.equal(2 * 1332)
  })

  it('is judged like that of one process, each circuit by its own workers', () => {
    expect(judgementOf(conservation, all).result).to.equal('valid')
    expect(judgementOf(legalTransitions, all).result).to.equal('valid')
    const circuits = all.circuits.map((circuit) => ({ ...circuit, process: 0 }))
    expect(judgementOf(conservation, { ...all, workers: all.workers.slice(0, 3), circuits }).result).to.equal('invalid')
  })
})
