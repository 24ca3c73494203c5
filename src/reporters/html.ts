import type { Report } from '../report.js'
import type { Reporter } from '../reporter.js'
import { type Html, html } from '../reporting/page/markup.js'
import { reportPage } from '../reporting/page/report-page.js'
import { pageTable } from '../reporting/page/tables.js'
import { verdictSign } from '../reporting/page/verdicts.js'
import { drawSoak } from '../soak/tables.js'
import { drawOriginal } from '../suite/original-table.js'

const reporter: Reporter = {
  name: 'html',
  description: 'One page with charts that opens from a file, in the light and in the dark, without a network.',
  extension: 'html',

  render(reports, { file, otherFiles, suite }) {
    const files = { ...(file === undefined ? {} : { file }), ...(otherFiles === undefined ? {} : { otherFiles }) }
    const soak = ({ evidence }: Report) => drawSoak<Html>(evidence, { table: pageTable, paths, sign: verdictSign })
    return reportPage(reports, files, { soak, suite: drawOriginal(suite, pageTable) })
  },
}

function paths(rows: readonly (readonly [what: string, path: string])[]): Html {
  return html`<ul class="paths">${rows.map(([what, path]) => html`<li><b>${what}</b>: ${path}</li>`)}</ul>`
}

export default reporter
