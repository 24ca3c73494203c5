import { expect } from 'chai'
import { reportFileSchema } from '../../src/report-schema.js'
import console from '../../src/reporters/console.js'
import html from '../../src/reporters/html.js'
import json from '../../src/reporters/json.js'
import markdown from '../../src/reporters/markdown.js'
import { originalScenarios } from '../../src/suite/original-marks.js'
import { originalRows } from '../../src/suite/original-table.js'
import { evidence, plan, report, stage } from '../evidence-builder.js'
import { spent } from '../reporting/spending-evidence.js'

const of = (scenario: string, rows: ReturnType<typeof originalRows>) => rows.filter((row) => row.scenario === scenario)

describe('the original’s suite', () => {
  it('has its eleven tests', () => {
    expect(originalScenarios).to.have.length(11)
  })

  it('holds a run against each of its marks', () => {
    const rows = of('extreme-load-async', originalRows([report()]))
    expect(rows.map(({ what, wanted, result }) => [what, wanted, result])).to.deep.equal([
      ['throughput', '> 100/s', 'valid'],
      ['p95', '< 100 ms', 'valid'],
      ['memory growth', '< 100 MB', 'valid'],
      ['processed', '> 80 %', 'valid'],
    ])
    expect(rows[0]?.reached).to.equal(1000)
  })

  it('says no where a mark was not reached, the bound itself included', () => {
    const slow = report({ evidence: evidence({ stages: [stage('steady', 'steady', 0, 100, { success: 100 })] }) })
    const [throughput] = of('extreme-load-async', originalRows([slow]))
    expect(throughput).to.include({ reached: 100, result: 'invalid' })
  })

  it('reads what was refused for cost where money was spent', () => {
    const { plan: spentPlan, ...rest } = spent()
    const rows = of(
      'cost-budget',
      originalRows([report({ evidence: { ...rest, plan: { ...spentPlan, scenario: 'cost-budget' } } })]),
    )
    expect(rows.map(({ reached }) => reached)).to.deep.include(10)
  })

  it('leaves the marks of a scenario that was not run open, with the example that there was', () => {
    const [throughput] = of('extreme-load-sync', originalRows([report()]))
    expect(throughput).to.deep.equal({
      scenario: 'extreme-load-sync',
      what: 'throughput',
      wanted: '> 50/s',
      unit: '/s',
      example: 19_647,
      result: 'unknown',
    })
  })

  it('is in the report of every kind', () => {
    const reports = [report({ evidence: evidence({ plan: plan() }) })]
    const suite = originalRows(reports)
    const options = { color: false, width: 140, suite }
    for (const reporter of [console, markdown, html]) {
      expect(reporter.render(reports, options), reporter.name)
        .to.contain('the original’s eleven tests')
        .and.to.contain('19,647/s')
      expect(reporter.render(reports, { color: false, width: 140 })).not.to.contain('eleven tests')
    }
    const file = JSON.parse(json.render(reports, options))
    expect(reportFileSchema.parse(file).suite).to.deep.equal(suite)
  })
})
