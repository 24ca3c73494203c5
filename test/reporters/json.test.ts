import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { judge } from '../../src/judge.js'
import { jsonSchema, reportFileSchema } from '../../src/report-schema.js'
import reporter from '../../src/reporters/json.js'
import { evidence, report } from '../evidence-builder.js'

const options = { color: true, width: 80 }
const rendered = () => JSON.parse(reporter.render([report()], options))

describe('reporter json', () => {
  it('writes what its schema allows, and loses nothing on the way', async () => {
    const reports = [await judge(evidence()), report({ result: 'unknown', evidence: evidence({ circuits: [] }) })]
    const file = JSON.parse(reporter.render(reports, options))
    expect(reportFileSchema.parse(file)).to.deep.equal({ schemaVersion: 1, reports })
  })

  it('is told from what is not a report by its schema', () => {
    for (const damage of [
      (file: ReturnType<typeof rendered>) => delete file.schemaVersion,
      (file: ReturnType<typeof rendered>) => delete file.reports[0].command,
      (file: ReturnType<typeof rendered>) => Object.assign(file.reports[0], { result: 'fine' }),
      (file: ReturnType<typeof rendered>) => Object.assign(file.reports[0].evidence, { more: 1 }),
      (file: ReturnType<typeof rendered>) => delete file.reports[0].evidence.circuits[0].transitions[0].epoch,
      (file: ReturnType<typeof rendered>) => Object.assign(file.reports[0].evidence.workers[0], { lost: -1 }),
    ]) {
      const file = rendered()
      damage(file)
      expect(reportFileSchema.safeParse(file).success, damage.toString()).to.equal(false)
    }
  })

  it('has its JSON Schema committed as docs/report.schema.json', () => {
    const committed = readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(committed)).to.deep.equal(JSON.parse(JSON.stringify(jsonSchema())))
  })

  it('has every field explained in docs/report.md', () => {
    const text = readFileSync(new URL('../../../docs/report.md', import.meta.url), 'utf8')
    const unexplained = [...fieldNames(jsonSchema())].filter((name) => !text.includes(`\`${name}\``))
    expect(unexplained).to.deep.equal([])
  })
})

/** Names of all properties in a JSON Schema. */
function fieldNames(schema: object, names = new Set<string>()): Set<string> {
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null) continue
    if (key === 'properties') for (const name of Object.keys(value)) names.add(name)
    fieldNames(value, names)
  }
  return names
}
