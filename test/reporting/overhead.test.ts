import { expect } from 'chai'
import { titledTable } from '../../src/reporting/grid.js'
import { overheadFigures } from '../../src/reporting/overhead.js'
import { drawOverheads } from '../../src/reporting/overhead-table.js'
import overheadAsync from '../../src/scenarios/overhead-async.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { evidence, report } from '../evidence-builder.js'
import { turns } from './overhead-evidence.js'

describe('overhead of a call', () => {
  it('is the median of what neighbouring turns differ by, whatever the machine did', () => {
    const { addedNs, share, addedBytes } = overheadFigures(turns(), overheadSync.plan({}))
    expect(addedNs).to.deep.equal({ estimate: 50, low: 50, high: 50 })
    expect(share?.estimate).to.be.closeTo(0.5, 0.01)
    expect(addedBytes).to.equal(0)
  })

  it('is a share of what a call is taken to wait as well', () => {
    const { share } = overheadFigures(turns(), overheadAsync.plan({}))
    expect(share?.estimate).to.be.closeTo(50 / 1_000_101, 1e-7)
  })

  it('has an interval as wide as the differences are apart', () => {
    const guardedNs = turns().bareNs.map((ns, round) => ns + (round % 2 === 0 ? 20 : 80))
    const { addedNs } = overheadFigures(turns({ guardedNs }), overheadSync.plan({}))
    expect(addedNs?.low).to.equal(20)
    expect(addedNs?.high).to.equal(80)
  })

  it('stands target by target in one table a scenario', () => {
    const reports = ['shared', 'opossum'].map((target) => {
      return report({ evidence: evidence({ plan: overheadSync.plan({ target }), overhead: turns() }) })
    })
    const [table = '', ...others] = drawOverheads(
      reports,
      titledTable((_, text) => text, 120),
    )
    expect(others).to.deep.equal([])
    expect(table).to.match(/^ *overhead-sync: what a call costs more, median of 40 turns each/)
    expect(table).to.match(/shared +101 +151 +50 \(50…50\) +0\.495 \(.*\) +0 +100 %/)
    expect(table).to.match(/\n +opossum /)
  })
})
