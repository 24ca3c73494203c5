import { expect } from 'chai'
import { titledTable } from '../../src/reporting/grid.js'
import { painter } from '../../src/reporting/paint.js'
import { money } from '../../src/reporting/spending.js'
import { drawSpending } from '../../src/reporting/spending-table.js'
import { evidence } from '../evidence-builder.js'
import { spent } from './spending-evidence.js'

const draw = titledTable(painter(false), 120)
const rows = (text = '') => text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))

describe('the tables of spending', () => {
  it('tell what became of the calls, and of each budget', () => {
    const [calls, budgets] = drawSpending(spent(), draw)
    expect(calls).to.match(/kept by reserve-settle; a refusal took [\d.]+ ms, p99 [\d.]+ ms/)
    expect(rows(calls)).to.include('calls | 52 | 10 | 40 | 2 | 0 | 0 | 0.9')
    expect(rows(budgets)).to.include('calls | day | 1 | 1 | 0.99 | 0.9 | 0 | 0')
  })

  it('are not there where calls cost nothing', () => {
    expect(drawSpending(evidence(), draw)).to.deep.equal([])
  })

  it('write amounts in units, to the last micro-unit', () => {
    expect([0, 1, 1_500_000, 1_234_567_890_123].map(money)).to.deep.equal(['0', '0.000001', '1.5', '1,234,567.890123'])
  })
})
