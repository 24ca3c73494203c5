import { join } from 'node:path'
import { expect } from 'chai'
import { isPlanFile, readPlanFile } from '../../src/plan-file/read.js'
import { refusal, TemporaryFolder } from '../temporary-folder.js'

const content = { version: 1, runs: [{ scenario: 'dead-backend', rate: 40, faults: ['outage@1s+1s'] }] }

const yaml = `# comment
version: 1
runs:
  - scenario: dead-backend
    rate: 40
    faults: [outage@1s+1s]
`

describe('reading a plan file', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  const json = JSON.stringify(content, undefined, 2)
  const formats: Record<string, string> = {
    'plan.yaml': yaml,
    'plan.yml': yaml,
    'plan.json': json,
    'plan.mjs': `export default ${json}`,
    'plan.ts': `import type { PlanFile } from 'busbar/stress'\nexport default ${json} satisfies PlanFile`,
    'plan.mts': `const plan: unknown = ${json}\nexport default plan`,
  }
  for (const [name, text] of Object.entries(formats)) {
    it(`gives the same from ${name}`, async () => {
      const file = await folder.write(name, text)
      const read = await readPlanFile(file)
      expect(read.content).to.deep.equal(content)
      expect(read.file).to.equal(file)
    })
  }

  it('tells the place of a field in YAML and in JSON, and of one that is missing, of what it is missing from', async () => {
    const inYaml = await readPlanFile(await folder.write('places.yaml', yaml))
    expect(inYaml.placeOf(['runs', 0, 'rate'])).to.match(/places\.yaml:5:11$/)
    expect(inYaml.placeOf(['runs', 0, 'workers'])).to.match(/places\.yaml:4:5$/)
    expect(inYaml.placeOf([])).to.match(/places\.yaml$/)
    const inJson = await readPlanFile(await folder.write('places.json', json))
    expect(inJson.placeOf(['runs', 0, 'rate'])).to.match(/places\.json:6:15$/)
  })

  const refused: Record<string, [name: string, text: string | undefined, line: RegExp]> = {
    'a file that is not there': ['gone.yaml', undefined, /gone\.yaml can't be read: ENOENT/],
    'YAML whose list is not closed': ['open.yaml', 'version: 1\nruns: [a, b\n', /open\.yaml:3:1: ./],
    'YAML that says a field twice': ['twice.yaml', 'version: 1\nversion: 1\n', /twice\.yaml:2:1: .*unique/],
    'YAML with a tag that nobody knows': ['tag.yaml', 'version: !!js/undefined 1\n', /tag\.yaml:1:10: .*tag/],
    'JSON that only YAML would read': ['loose.json', '{ "version": 1,\n  runs: [] }', /loose\.json:2:3: .*JSON/],
    'JSON that ends too early': ['short.json', '{ "version": 1,\n', /short\.json:2:1: /],
    'code that throws': ['throws.ts', 'throw new Error("no rates")', /throws\.ts can't be read: no rates$/],
    'code that can not be read': ['broken.ts', 'export default {', /broken\.ts can't be read: ./],
    'another kind of file': [
      'plan.toml',
      '',
      /plan\.toml: a plan file ends in one of \.yaml, \.yml, \.json, \.ts, .*\.mjs$/,
    ],
  }
  for (const [what, [name, text, line]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const file = text === undefined ? join(folder.path, name) : await folder.write(name, text)
      const { code, message } = await refusal(readPlanFile(file))
      expect(message).to.match(line)
      expect(code).to.equal('ERR_PLAN_FILE')
    })
  }

  it('is meant by an argument that ends as such a file or has a folder in it, and by no name', () => {
    for (const path of ['a.yaml', 'a.yml', 'a.json', 'a.ts', 'a.js', 'plans/nightly']) {
      expect(isPlanFile(path), path).to.equal(true)
    }
    for (const name of ['dead-backend', 'soak-leak', 'v1.2']) expect(isPlanFile(name), name).to.equal(false)
  })
})
