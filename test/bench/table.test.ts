import { expect } from 'chai'
import { cellsOf, markText, resultText } from '../../bench/figures-text.js'
import { failedRow, row } from '../../bench/row.js'
import { consoleTable, pageTable, summary } from '../../bench/table.js'

const reached = row({
  title: 'a closed call',
  figures: [
    { name: 'overhead', value: 12.345, unit: 'ns' },
    { name: 'floor', value: 1234.5, unit: 'ns' },
  ],
  reading: 'overhead ÷ floor',
  result: 0.01,
  unit: '×',
  wanted: { atMost: 1.6 },
})
const missed = row({ ...reached, title: 'a refused call', result: 7 })
const reported = row({ title: 'a breaker', figures: [], reading: 'memory', result: 26_412, unit: 'bytes' })
const failed = failedRow('two-threads', 'Error: no thread came')

describe('the table of the benchmark', () => {
  it('has a line for each row, from what was measured to whether it is enough', () => {
    const cells = ['a closed call', 'overhead 12.3 ns, floor 1,235 ns', 'overhead ÷ floor', '0.01', '≤ 1.6', 'yes']
    expect(cellsOf(reached)).to.deep.equal(cells)
    expect(cellsOf(reported)).to.deep.equal(['a breaker', '', 'memory', '26,412 bytes', 'report', '–'])
  })

  it('says why there is no figure', () => {
    expect(cellsOf(failed)).to.include.members(['Error: no thread came', 'unknown'])
    expect(resultText(failed)).to.equal('? ×')
  })

  it('reads figures back that JSON made null of', () => {
    const figure = { name: 'floor', value: null as unknown as number, unit: 'ns' } as const
    expect(cellsOf({ ...failed, failure: undefined as never, figures: [figure] })[1]).to.equal('floor ? ns')
  })

  it('says on which side of a mark to be', () => {
    expect(markText({ atMost: 0 })).to.equal('0')
    expect(markText({ atMost: 1.6 })).to.equal('≤ 1.6')
    expect(markText({ atLeast: 1.8 })).to.equal('≥ 1.8')
  })

  it('shows every row on the console', () => {
    const text = consoleTable([reached, missed, reported, failed])
    for (const { title } of [reached, missed, reported, failed]) expect(text).to.include(title)
  })

  it('shows every row on the page, in a cell of its own whatever is in it', () => {
    const lines = pageTable([reached, { ...missed, title: 'this | that' }]).split('\n')
    expect(lines).to.have.lengthOf(4)
    expect(lines[3]).to.match(/^\| this \\\| that \|/)
  })

  it('counts the marks, and names those not reached', () => {
    const text = summary([reached, missed, reported, failed])
    expect(text).to.equal('1 of 3 marks reached\n  missed: a refused call\n  unknown: two-threads')
  })
})
