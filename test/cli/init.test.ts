import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseDocument } from 'yaml'
import { plansOfFile } from '../../src/plan-file/plans.js'
import { TemporaryFolder } from '../temporary-folder.js'
import { busbar } from './busbar.js'

const workflowPath = join('.github', 'workflows', 'busbar.yml')

describe('busbar init', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('writes a plan and a workflow, in a folder that need not be there, and tells the next command', async () => {
    const into = join(folder.path, 'new', 'service')
    const { code, stdout, stderr } = await busbar(['init', into])
    const [plan, workflow] = [join(into, 'busbar.yaml'), join(into, workflowPath)]
    expect(stdout).to.equal(`wrote ${plan}\nwrote ${workflow}\n\nnext: cd ${into} && npx busbar run busbar.yaml\n`)
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(await readdir(into)).to.have.members(['busbar.yaml', '.github'])
  })

  it('writes a plan that is one, each of its fields with a comment', async () => {
    await busbar(['init', folder.path])
    const file = join(folder.path, 'busbar.yaml')
    const { plans, reports } = await plansOfFile(file)
    expect(plans.map(({ name }) => name)).to.deep.equal(['outage', 'dead backend', 'slow and flaky'])
    expect(reports).to.deep.equal(['console'])
    const text = await readFile(file, 'utf8')
    expect(text.split('\n').length).to.be.below(70)
    for (const field of ['targets', 'workers', 'seed', 'timeout', 'marks', 'rate', 'latency', 'faults', 'stages']) {
      expect(text, field).to.match(new RegExp(`\\b${field}:.* # \\w`))
    }
  })

  it('writes a workflow that installs, runs the plan and keeps the reports', async () => {
    const document = parseDocument(await readFile(join(folder.path, workflowPath), 'utf8'))
    expect(document.errors).to.deep.equal([])
    const { jobs } = document.toJS() as { jobs: { busbar: { steps: { uses?: string; run?: string }[] } } }
    const steps = jobs.busbar.steps.map(({ uses, run }) => run ?? uses?.replace(/@.*/, ''))
    expect(steps).to.deep.equal([
      'actions/checkout',
      'actions/setup-node',
      'npm ci',
      'npx busbar run busbar.yaml --report console --report json=reports/',
      'actions/upload-artifact',
    ])
  })

  it('writes nothing at all where one of the two is there, and names it', async () => {
    for (const path of ['busbar.yaml', workflowPath]) {
      const into = join(folder.path, path === 'busbar.yaml' ? 'has-plan' : 'has-workflow')
      const file = await folder.write(join(into.slice(folder.path.length + 1), path), 'mine')
      const { code, stdout, stderr } = await busbar(['init', into])
      expect(stderr).to.equal(`error: ${file} is there already, and nothing was written; --force overwrites it\n`)
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' })
      expect(await readFile(file, 'utf8')).to.equal('mine')
      expect(await readdir(into)).to.have.lengthOf(1)
    }
  })

  it('overwrites with --force', async () => {
    const file = join(folder.path, 'busbar.yaml')
    await writeFile(file, 'mine')
    expect((await busbar(['init', folder.path, '--force'])).code).to.equal(0)
    expect(await readFile(file, 'utf8')).to.match(/^# What Busbar runs/)
  })

  it('says in one line what is in its way', async () => {
    const file = await folder.write('a-file', 'x')
    const { code, stderr } = await busbar(['init', file])
    expect(stderr).to.match(/^error: .*a-file.busbar\.yaml can't be written: .+\n$/)
    expect(code).to.equal(2)
  })
})
