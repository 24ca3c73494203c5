import { expect } from 'chai'
import type { VerdictResult } from '../../src/checker.js'
import { painter } from '../../src/reporting/paint.js'
import { proofResult, proofRow, proofText } from '../../src/soak/proof.js'
import { report } from '../evidence-builder.js'
import { cluster, growth, soaked, thread } from './soak-evidence.js'

const guilt = { className: 'CallRecord', field: 'AuditTrail.calls' }

/** A report whose leak-free verdict is that, of a thread with these fields that grew. */
function said(result: VerdictResult, ...clusters: ReturnType<typeof cluster>[]) {
  const evidence = soaked([thread('worker-0', (second) => second * 10_000, { growth: growth(clusters) })])
  return report({ evidence, verdicts: [{ checker: 'leak-free', question: '', result, summary: '' }] })
}

const rowOf = (of: typeof guilt | undefined, from: ReturnType<typeof said>) => proofRow('leaking/one', of, from)

describe('the proof of the soak', () => {
  it('counts a leak as caught when its class and field are named', () => {
    expect(rowOf(guilt, said('invalid', cluster()))).to.include({ result: 'valid', said: 'caught' })
  })

  it('takes the field from the path, where the last one is that between the links of a list', () => {
    const link = cluster({
      field: 'Link.earlier',
      className: 'Link',
      path: '(root) → Chain.latest → Link.earlier → Link',
    })
    expect(rowOf({ className: 'Link', field: 'Chain.latest' }, said('invalid', link)).said).to.equal('caught')
  })

  it('is wrong when a leak is missed, when another field is named, and when nobody is', () => {
    const other = cluster({ field: 'Other.list', path: '(root) → Other.list' })
    expect(rowOf(guilt, said('valid', cluster()))).to.include({ result: 'invalid', said: 'missed' })
    expect(rowOf(guilt, said('invalid', other))).to.include({ result: 'invalid', said: 'caught, another named' })
    expect(rowOf(guilt, said('invalid'))).to.include({ result: 'invalid', said: 'caught, nobody named' })
    const wrongClass = cluster({ className: 'Array', path: '(root) → AuditTrail.calls → Array' })
    expect(rowOf(guilt, said('invalid', wrongClass))).to.include({ said: 'caught, another named' })
  })

  it('looks for the name among the first three alone', () => {
    const larger = [1, 2, 3].map((number) =>
      cluster({ field: `Larger${number}.list`, path: '', heldAfter: { objects: 1, bytes: 1e6 * number } }),
    )
    expect(rowOf(guilt, said('invalid', ...larger, cluster())).said).to.equal('caught, another named')
  })

  it('lets an innocent one pass, and is wrong to accuse it', () => {
    expect(rowOf(undefined, said('valid'))).to.include({ result: 'valid', said: 'innocent' })
    expect(rowOf(undefined, said('invalid'))).to.include({ result: 'invalid', said: 'accused' })
  })

  it('is unknown where the soak was', () => {
    for (const of of [guilt, undefined]) expect(rowOf(of, said('unknown')).result).to.equal('unknown')
    expect(proofResult([rowOf(guilt, said('invalid', cluster())), rowOf(guilt, said('unknown'))])).to.equal('unknown')
  })

  it('tells the score, and the path by which each was named', () => {
    const rows = [
      rowOf(guilt, said('invalid', cluster())),
      rowOf(guilt, said('valid')),
      rowOf(undefined, said('valid')),
    ]
    const text = proofText(rows, painter(false), 140)
    expect(text).to.include('1 of 2 leaks caught by name, 1 of 1 innocents let pass')
    expect(text).to.include('(root) → AuditTrail.calls → Array[…] → CallRecord')
    expect(proofResult(rows)).to.equal('invalid')
  })
})
