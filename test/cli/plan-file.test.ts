import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { ReportFile } from '../../src/report-schema.js'
import { TemporaryFolder } from '../temporary-folder.js'
import { busbar } from './busbar.js'

const own = (name: string) => fileURLToPath(new URL(`../../../examples/own/${name}`, import.meta.url))

describe('busbar run of a user’s own @stress', function () {
  this.timeout(120_000)
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  /** What a run wrote as JSON. */
  async function reportsOf(words: readonly string[]): Promise<{ code: number | null; reports: ReportFile['reports'] }> {
    const file = join(folder.path, 'report.json')
    const { code, stderr } = await busbar(['run', ...words, '--report', `json=${file}`])
    expect(stderr).not.to.match(/^error/m)
    const { reports }: ReportFile = JSON.parse(await readFile(file, 'utf8'))
    return { code, reports }
  }

  it('carries out a plan in TypeScript with a scenario, a target and a checker of the user’s own', async () => {
    const { code, reports } = await reportsOf([own('plan.ts')])
    expect(reports.map(({ evidence: { plan } }) => [plan.name, plan.target])).to.deep.equal([
      ['own scenario', own('failures-in-a-row.ts')],
      ['own scenario', 'shared'],
      ['own breaker', own('failures-in-a-row.ts')],
    ])
    for (const { verdicts, evidence, result } of reports) {
      expect(verdicts.map(({ checker }) => checker).at(-1)).to.match(/backend-spared\.ts$/)
      expect(evidence.circuits.every(({ transitions }) => transitions.length >= 3)).to.equal(true)
      expect(result, JSON.stringify(verdicts)).to.equal('valid')
    }
    expect(reports[2]?.evidence.circuits).to.have.lengthOf(2)
    expect(code).to.equal(0)
  })

  it('carries out a scenario by its path, on the target that it has beside it', async () => {
    const { reports } = await reportsOf([
      own('slow-start.ts'),
      '--requests',
      '50',
      '--workers',
      '1',
      '--in-flight',
      '4',
    ])
    const [report] = reports
    expect(report?.evidence.plan).to.include({ scenario: own('slow-start.ts'), target: own('failures-in-a-row.ts') })
    expect(report?.evidence.stages.find(({ role }) => role === 'steady')?.started).to.be.at.least(50)
    expect(report?.command).to.match(/^npx busbar run \S*slow-start\.ts --target \S*failures-in-a-row\.ts /)
  })

  it('puts a target in JavaScript under a scenario of Busbar’s', async () => {
    const target = await folder.write(
      'bare.mjs',
      `export default { name: 'bare', description: 'bare', view: 'none', prepare: () => ({ handle: null, close() {} }),
        attach: () => ({ call: (body) => body().then(() => 0, () => 1), state: () => 'closed',
          observe: () => ({ state: 'closed', transitions: [], lost: 0 }), detach() {} }) }`,
    )
    const words = ['dead-backend', '--target', target, '--workers', '1', '--rate', '100', '--duration', '200ms']
    const { reports } = await reportsOf(words)
    const outcomes = reports[0]?.evidence.workers[0]?.outcomes
    expect(outcomes?.error).to.be.above(0)
    expect(outcomes?.success).to.equal(0)
  })

  it('writes what a reporter of the user’s own makes of it', async () => {
    const file = join(folder.path, 'line.txt')
    const words = ['dead-backend', '--target', 'none', '--workers', '1', '--rate', '50', '--duration', '200ms']
    const { stderr } = await busbar(['run', ...words, '--report', `${own('one-line.ts')}=${file}`])
    expect(stderr).not.to.match(/^error/m)
    expect(await readFile(file, 'utf8')).to.match(
      /^valid dead-backend: \d+ calls; npx busbar run dead-backend --target none /,
    )
  })

  it('finds what it starts with valid', async () => {
    await busbar(['init', folder.path])
    const { code, reports } = await reportsOf([join(folder.path, 'busbar.yaml')])
    for (const { result, verdicts } of reports) expect(result, JSON.stringify(verdicts)).to.equal('valid')
    expect(reports).to.have.lengthOf(3)
    expect(code).to.equal(0)
  })

  it('is refused with the place and the field of what is wrong in a plan, before anything runs', async () => {
    const file = await folder.write(
      'bad.yaml',
      'version: 1\nruns:\n  - scenario: dead-backend\n    marks: { p95: 3 }\n',
    )
    const { code, stdout, stderr } = await busbar(['run', file])
    expect(stderr).to.match(
      /^error: .*bad\.yaml:4:19: runs\[0\]\.marks\.p95 is not known; allowed: throughputPerSecondMin, /,
    )
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' })
  })
})
