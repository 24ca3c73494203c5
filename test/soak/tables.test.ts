import { expect } from 'chai'
import { painter } from '../../src/reporting/paint.js'
import { soakTables } from '../../src/soak/tables.js'
import { evidence } from '../evidence-builder.js'
import { cluster, growth, rest, Stages, soaked, thread } from './soak-evidence.js'

const textOf = (of: ReturnType<typeof soaked>, width = 140) => soakTables(of, painter(false), width).join('\n\n')

describe('tables of a soak', () => {
  const leaking = thread('worker-0', (second) => second * 10_000, { growth: growth([cluster()]) })

  it('give each thread its pace and verdict, and when its heap is full', () => {
    const text = textOf(soaked([thread('coordinator', () => 0), leaking]))
    expect(text).to.match(/✓ +coordinator +8 MB +8 MB/)
    expect(text).to.match(/✗ +worker-0 +8 MB +8\.6 MB +9\.\d KB +9\.\d KB … 9\.\d KB +[\d.]+ +[\d.]+ B +\d d/)
  })

  it('tell what grew by class and kind, who holds it, and the way there from the root', () => {
    const text = textOf(soaked([leaking, { ...leaking, thread: 'worker-1' }]))
    expect(text).to.match(/CallRecord +0 +12,000 +12,000 +\+469 KB +\+586 KB/)
    expect(text).to.match(/objects +2 KB +9\.8 KB +\+7\.8 KB/)
    expect(text).to.match(/AuditTrail\.calls +target +CallRecord +12,000 +586 KB +\+586 KB +2/)
    expect(text).to.include('CallRecord: (root) → AuditTrail.calls → Array[…] → CallRecord')
  })

  it('give the counts of objects where there are no snapshots', () => {
    const counted = thread('worker-0', () => 0, {
      rests: [rest(Stages.before, 0, { objects: { Map: 10 } }), rest(Stages.after, 0, { objects: { Map: 1200 } })],
    })
    expect(textOf(soaked([counted]))).to.match(/Map +10 +1,200/)
  })

  it('tell what else there is more of', () => {
    const { resources } = rest(0, 0)
    const after = rest(Stages.after, 0, { resources: { ...resources, handles: { MessagePort: 602 } } })
    const ports = thread('worker-0', () => 0, { rests: [rest(Stages.before, 0), after] })
    expect(textOf(soaked([ports]))).to.match(/MessagePort +worker-0 +2 +602/)
  })

  it('fit a narrow terminal, and are none of a run that is no soak', () => {
    const lines = textOf(soaked([leaking]), 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100)
    expect(soakTables(evidence(), painter(false), 80)).to.deep.equal([])
  })
})
