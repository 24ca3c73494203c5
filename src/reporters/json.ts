import type { ReportFile } from '../report-schema.js'
import { SCHEMA_VERSION } from '../report-schema.js'
import type { Reporter } from '../reporter.js'

const reporter: Reporter = {
  name: 'json',
  description: 'Everything that was measured and judged, by the versioned schema of docs/report.md.',
  extension: 'json',

  render(reports, { suite }) {
    const file: ReportFile = { schemaVersion: SCHEMA_VERSION, reports, ...(suite ? { suite } : {}) }
    return `${JSON.stringify(file, null, 2)}\n`
  },
}

export default reporter
