import { expect } from 'chai'
import { failedRow, judge, median, middleRows, ratio, row } from '../../bench/row.js'

describe('a row of the benchmark', () => {
  const given = { title: 'a call', figures: [], reading: 'ours ÷ floor', unit: '×' } as const

  it('reaches a mark that it meets exactly', () => {
    expect(judge(1.6, { atMost: 1.6 })).to.equal('yes')
    expect(judge(1.8, { atLeast: 1.8 })).to.equal('yes')
  })

  it('misses a mark on the wrong side', () => {
    expect(judge(1.61, { atMost: 1.6 })).to.equal('no')
    expect(judge(1.79, { atLeast: 1.8 })).to.equal('no')
  })

  it('passes nothing that is no number', () => {
    for (const result of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(judge(result, { atMost: 1 })).to.equal('unknown')
      expect(judge(result, { atLeast: 1 })).to.equal('unknown')
      expect(judge(result, undefined)).to.equal('unknown')
    }
  })

  it('reports where there is no mark', () => {
    expect(row({ ...given, result: 3 }).reached).to.equal('reported')
    expect(row({ ...given, result: 3, wanted: { atMost: 2 } }).reached).to.equal('no')
  })

  it('has no ratio to a divisor that was timed as nothing', () => {
    expect(ratio(5, 0)).to.be.NaN
    expect(ratio(5, -1)).to.be.NaN
    expect(ratio(6, 4)).to.equal(1.5)
  })

  it('takes a cost below nothing for none', () => expect(ratio(-0.1, 4)).to.equal(0))

  it('takes the middle of its pairs, whatever their order', () => {
    expect(median([9, 1, 5])).to.equal(5)
    expect(median([10, 9, 1, 5])).to.equal(7)
    expect(median([])).to.be.NaN
  })

  it('is the middle one of several processes, each row for itself', () => {
    const run = (call: number, refusal: number) => [
      row({ ...given, title: 'call', result: call }),
      row({ ...given, title: 'refusal', result: refusal }),
    ]
    const middle = middleRows([run(3, 10), run(1, 30), run(2, 20)])
    expect(middle.map(({ title, result }) => [title, result])).to.deep.equal([
      ['call', 2],
      ['refusal', 20],
    ])
  })

  it('is unknown if one process had no result', () => {
    const good = [row({ ...given, result: 1 })]
    const [only] = middleRows([good, [failedRow('some-measure', 'it crashed')], good])
    expect(only).to.include({ reached: 'unknown', failure: 'it crashed' })
  })
})
