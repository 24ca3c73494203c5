import { expect } from 'chai'
import checker from '../../src/checkers/leak-free.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { detailsOf, evidence, judgementOf } from '../evidence-builder.js'
import { cluster, growth, rest, Stages, soaked, thread } from '../soak/soak-evidence.js'

const still = (name: string) => thread(name, () => 0)
const growing = (name: string) => thread(name, (second) => second * 10_000, { growth: growth([cluster()]) })

describe('checker leak-free', () => {
  it('is valid when no thread grows, and gives the interval of the one that comes closest', () => {
    const { result, summary, details } = judgementOf(checker, soaked([still('coordinator'), still('worker-0')]))
    expect(result).to.equal('valid')
    expect(summary).to.match(/^(coordinator|worker-0) does not grow, .+\/s \(.+ … .+\), z -?[\d.]+/)
    expect(details).to.deep.equal([])
  })

  it('is invalid when one thread of several grows; names thread, pace, time left, class, field and path', () => {
    const of = soaked([still('coordinator'), still('worker-0'), growing('worker-1')])
    const { result, summary } = judgementOf(checker, of)
    expect(result).to.equal('invalid')
    expect(summary).to.match(
      /^1 of 3 threads grow; worker-1 grows, and goes on growing, .*its heap is full in [\d.,]+ d/,
    )
    expect(summary).to.match(/held by AuditTrail\.calls: 6,000 CallRecords?$/)
    expect(detailsOf(checker, of)).to.include('(root) → AuditTrail.calls → Array[…] → CallRecord')
  })

  it('is unknown when noise hides the answer in one thread, and none grows', () => {
    const random = seededRandom(5)
    const wild = thread('worker-1', (second) => random.next() * 4_000_000 + second * 5000)
    expect(judgementOf(checker, soaked([still('coordinator'), wild])).result).to.equal('unknown')
  })

  it('is invalid when handles grow with the calls, though the heap does not', () => {
    const { resources } = rest(0, 0)
    const leaky = thread('worker-0', () => 0, {
      rests: [
        rest(Stages.before, 0),
        rest(Stages.after, 0, { resources: { ...resources, handles: { MessagePort: 602 } } }),
      ],
    })
    const { result, summary } = judgementOf(checker, soaked([leaky]))
    expect(result).to.equal('invalid')
    expect(summary).to.include('MessagePort of worker-0: 2 before, 602 after')
  })

  it('says whose it is when it is not the target’s', () => {
    const own = thread('worker-0', (second) => second * 10_000, { growth: growth([cluster({ owner: 'engine' })]) })
    expect(detailsOf(checker, soaked([own]))).to.include('AuditTrail.calls (of the engine itself)')
  })

  it('is unknown of a soak that sampled nobody', () => {
    expect(judgementOf(checker, soaked([])).result).to.equal('unknown')
  })

  it('does not apply to a run that is no soak', () => {
    expect(checker.applies?.(evidence())).to.equal('the plan is no soak')
  })
})
