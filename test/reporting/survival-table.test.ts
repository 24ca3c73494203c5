import { expect } from 'chai'
import type { Report } from '../../src/report.js'
import { reportFileSchema } from '../../src/report-schema.js'
import html from '../../src/reporters/html.js'
import markdown from '../../src/reporters/markdown.js'
import { titledTable } from '../../src/reporting/grid.js'
import { drawSurvivals } from '../../src/reporting/survival-table.js'
import { report } from '../evidence-builder.js'
import { aborted, exhausted } from './exhaustion-evidence.js'

function on(target: string, made = exhausted()): Report {
  return report({ evidence: { ...made, plan: { ...made.plan, target } } })
}

const drawn = (reports: readonly Report[]) =>
  drawSurvivals(
    reports,
    titledTable((_, text) => text, 240),
  )

describe('the table of what survived', () => {
  it('has each case, target by target, with what shows it and what it cost', () => {
    const [table = '', ...others] = drawn([on('shared'), on('opossum', exhausted('disk', { told: { signs: {} } }))])
    expect(others).to.deep.equal([])
    expect(table).to.match(/^ *what survived while resources were used up/)
    expect(table).to.match(
      /disk +shared +yes +40 × ENOSPC +22 +1 of 1 +40 ms +478 +0\.01 +0\.03 +1 of 1 +20 ms +100 % +nothing +reported/,
    )
    expect(table).to.match(/\n *disk +opossum +unknown +22 /)
  })

  it('tells of a process that ended its signal, and no figures that nobody counted', () => {
    const [table = ''] = drawn([on('shared', aborted())])
    expect(table).to.match(/process-heap +shared +yes +1 × out of memory +SIGABRT/)
  })

  it('tells of a case that was skipped that it was', () => {
    const skipped = { ...exhausted(), exhaustion: { cases: [{ case: 'disk', skipped: 'why', signs: {} } as const] } }
    expect(drawn([on('shared', skipped)])[0]).to.match(/disk +shared +skipped/)
  })

  it('is in the reports for people, and not where nothing was used up', () => {
    const options = { color: false, width: 200 }
    for (const reporter of [markdown, html]) {
      expect(reporter.render([on('shared')], options)).to.include('what survived while resources were used up')
    }
    expect(drawn([report()])).to.deep.equal([])
  })

  it('comes from evidence that the report’s schema knows', () => {
    const reports = [on('shared'), on('cockatiel', aborted())]
    expect(reportFileSchema.parse({ schemaVersion: 1, reports })).to.deep.equal({ schemaVersion: 1, reports })
  })
})
