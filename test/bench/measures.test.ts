import { expect } from 'chai'
import { allMeasures, chosen } from '../../bench/catalog.js'
import type { Measure } from '../../bench/measure.js'
import { runMeasure } from '../../bench/run-measure.js'

describe('the measures of the benchmark', () => {
  let measures: Measure[] = []

  before(async () => {
    measures = await allMeasures()
  })

  it('have names of their own, fit for a file', () => {
    const names = measures.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    for (const name of names) expect(name).to.match(/^[a-z][a-z0-9-]+$/)
  })

  it('can be chosen by a part of the name', () => {
    expect(chosen(measures, undefined)).to.deep.equal(measures)
    const some = chosen(measures, 'two-threads').map(({ name }) => name)
    expect(some).to.have.members(['two-threads-time', 'two-threads-count', 'two-threads-consecutive'])
    expect(chosen(measures, 'no such measure')).to.deep.equal([])
  })

  it('run each in a process of its own, and answer with rows', async () => {
    const [registry] = chosen(measures, 'registry-bytes')
    const rows = registry ? await runMeasure(registry, { quick: true }) : []
    expect(rows.map(({ reached }) => reached)).to.deep.equal(['reported'])
  })

  it('that crash have a row that says so, and no figure', async () => {
    const missing: Measure = { name: 'no-such-measure', run: async () => [] }
    const [row] = await runMeasure(missing, { quick: true })
    expect(row).to.include({ title: 'no-such-measure', reached: 'unknown' })
    expect(row?.failure).to.include('there is no measure "no-such-measure"')
  })
})
