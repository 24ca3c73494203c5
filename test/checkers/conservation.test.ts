import { expect } from 'chai'
import checker from '../../src/checkers/conservation.js'
import type { Evidence, Outcomes, WorkerEvidence } from '../../src/evidence.js'
import { circuit, detailsOf, evidence, judgementOf, outcomes, stage, worker } from '../evidence-builder.js'

const kinds = ['success', 'error', 'ignored', 'refused', 'stale'] as const
const resultOf = (of: Evidence) => judgementOf(checker, of).result
const [first, second] = evidence().workers as [WorkerEvidence, WorkerEvidence]
const counted = circuit().outcomes as Outcomes

/** Worker 1 was killed with three calls in flight, which were to succeed; stages say the same. */
function killed(breaker: Partial<Outcomes> = {}): Evidence {
  const dead = { ...second, end: 'killed', lost: 3, outcomes: { ...second.outcomes, success: 722 } } as const
  const stages = evidence().stages.map((one) => {
    return one.role === 'recovery' ? { ...one, outcomes: outcomes({ success: 397 }) } : one
  })
  const own = { ...counted, success: 1447, ...breaker }
  return evidence({ workers: [first, dead], stages, circuits: [circuit({ outcomes: own })] })
}

describe('checker conservation', () => {
  it('accepts counts that agree, and says them', () => {
    const { result, summary } = judgementOf(checker, evidence())
    expect(result).to.equal('valid')
    expect(summary).to.equal('2,000 started = 1,450 success + 70 error + 0 ignored + 478 refused + 2 stale')
  })

  it('does not know when nothing was started', () => {
    expect(resultOf(evidence({ workers: [worker(0, 0, {})] }))).to.equal('unknown')
  })

  it('rejects a worker with a call that never ended', () => {
    expect(detailsOf(checker, evidence({ workers: [{ ...first, started: 1001 }, second] }))).to.include(
      'worker 0: 1,001 started',
    )
  })

  it('rejects a lost call of a worker that finished', () => {
    const workers = [{ ...first, lost: 1, started: 1001 }, second]
    expect(resultOf(evidence({ workers }))).to.equal('invalid')
  })

  for (const kind of kinds) {
    it(`rejects a breaker that counted one ${kind} too many, or one too few`, () => {
      for (const difference of [1, -1]) {
        const own = { ...counted, [kind]: counted[kind] + difference }
        const of = evidence({ circuits: [circuit({ outcomes: own })] })
        expect(resultOf(of)).to.equal('invalid')
        expect(detailsOf(checker, of)).to.include(`${kind}: breaker`)
      }
    })

    it(`rejects workers that counted one ${kind} more than the stages`, () => {
      const more = { ...first, started: 1001, outcomes: { ...first.outcomes, [kind]: first.outcomes[kind] + 1 } }
      expect(detailsOf(checker, evidence({ workers: [more, second] }))).to.include(`${kind}: stages`)
    })
  }

  it('rejects a call that ended in two ways', () => {
    const twice = { ...first, outcomes: { ...first.outcomes, stale: first.outcomes.stale + 1 } }
    expect(resultOf(evidence({ workers: [twice, second] }))).to.equal('invalid')
  })

  it('accepts calls that end in a later stage than they started in', () => {
    const [warmUp, steady, ...rest] = evidence().stages as [Evidence['stages'][number], Evidence['stages'][number]]
    const late = [
      { ...warmUp, outcomes: outcomes({ success: 90 }) },
      { ...steady, outcomes: outcomes({ success: 960, error: 50 }) },
      ...rest,
    ]
    expect(resultOf(evidence({ stages: late }))).to.equal('valid')
  })

  it('rejects calls that end in an earlier stage than they started in', () => {
    const [warmUp, steady, ...rest] = evidence().stages as [Evidence['stages'][number], Evidence['stages'][number]]
    const early = [
      { ...warmUp, outcomes: outcomes({ success: 110 }) },
      { ...steady, outcomes: outcomes({ success: 940, error: 50 }) },
      ...rest,
    ]
    expect(detailsOf(checker, evidence({ stages: early }))).to.include('stage warm-up: 10 calls more ended')
  })

  it('rejects a stage whose calls the workers do not know of', () => {
    const stages = [...evidence().stages, stage('more', 'steady', 5000, 1, { success: 1 })]
    expect(resultOf(evidence({ stages }))).to.equal('invalid')
  })

  it('accepts what a killed worker had in flight, and names it', () => {
    expect(resultOf(killed())).to.equal('valid')
    expect(detailsOf(checker, killed())).to.include('worker 1: 3 calls in flight lost when it was killed')
  })

  it('accepts a breaker that counted calls which a killed worker could not write down', () => {
    const of = killed({ success: 1449, error: 71 })
    expect(resultOf(of)).to.equal('valid')
    expect(detailsOf(checker, of)).to.include('within the 3 calls')
  })

  it('rejects a difference beyond what killed workers had in flight, one kind or several together', () => {
    expect(resultOf(killed({ success: 1451 }))).to.equal('invalid')
    expect(resultOf(killed({ success: 1449, error: 72 }))).to.equal('invalid')
  })

  it('does not know what a failed worker left uncounted', () => {
    const error = { name: 'Error', message: 'out of memory' }
    const of = evidence({ workers: [{ ...first, end: 'failed', error }, second] })
    expect(resultOf(of)).to.equal('unknown')
    expect(detailsOf(checker, of)).to.include('out of memory')
  })

  it('says what an interruption left in flight', () => {
    const stages = [...evidence().stages, stage('cut', 'steady', 5000, 2, {})]
    const of = evidence({ interrupted: true, stages, workers: [{ ...first, started: 1002, lost: 2 }, second] })
    expect(resultOf(of)).to.equal('valid')
    expect(detailsOf(checker, of)).to.include('2 calls in flight lost when the run was interrupted')
  })

  it("holds each worker's own breaker against that worker alone", () => {
    const own = [circuit({ view: 0, outcomes: first.outcomes }), circuit({ view: 1, outcomes: second.outcomes })]
    expect(resultOf(evidence({ circuits: own }))).to.equal('valid')
    const swapped = outcomes({ ...first.outcomes, success: 726, error: 34 })
    const wrong = [circuit({ view: 0, outcomes: swapped }), circuit({ view: 1, outcomes: second.outcomes })]
    expect(detailsOf(checker, evidence({ circuits: wrong }))).to.include('breaker of worker 0')
  })
})
