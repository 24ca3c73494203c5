import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { plansOfFile } from '../../src/plan-file/plans.js'
import { planFileSchema } from '../../src/plan-file.js'
import { TemporaryFolder } from '../temporary-folder.js'

const page = readFileSync(new URL('../../../docs/plans.md', import.meta.url), 'utf8')
const [yaml = ''] = blocks('yaml')
const [planInCode = ''] = blocks('ts')

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text)
}

describe('docs/plans.md', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('shows a plan in YAML that is one', async () => {
    const { plans } = await plansOfFile(await folder.write('busbar.yaml', yaml))
    expect(plans.map(({ name }) => name)).to.include.members(['outage', 'dead backend', 'flaky backend'])
  })

  it('shows a plan in TypeScript that is one', async () => {
    const { plans } = await plansOfFile(await folder.write('busbar.ts', planInCode))
    expect(plans.map(({ name, target }) => `${name} ${target}`)).to.include('dead at 4000 cockatiel')
  })

  it('explains every field', () => {
    const { defaults, runs } = planFileSchema.shape
    const run = runs.element.shape
    const stage = run.stages.unwrap().element.shape
    const fields = [planFileSchema.shape, defaults.unwrap().shape, run, stage, run.behaviour.unwrap().shape]
    const unexplained = fields
      .flatMap(Object.keys)
      .filter((name) => !new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm').test(page))
    expect(unexplained).to.deep.equal([])
  })
})
