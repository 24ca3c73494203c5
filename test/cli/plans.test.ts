import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { Command } from 'commander'
import { addOnlyOption, addRunOptions, type RunFlags } from '../../src/cli/options.js'
import { type MakePlan, type Planned, plansOf } from '../../src/cli/plans.js'
import { commandFor } from '../../src/command.js'
import type { PlanFile } from '../../src/plan-file.js'
import { refusal, TemporaryFolder } from '../temporary-folder.js'

/** What `busbar run` makes of its words, short of running it. */
async function plansOfWords(words: readonly string[], makePlan?: MakePlan): Promise<Planned> {
  const command = addOnlyOption(addRunOptions(new Command().argument('[scenario...]')))
  command.parse(words, { from: 'user' })
  return plansOf('run', command.args, command.opts<RunFlags>(), makePlan)
}

/** The words of a command as a shell takes it apart, without `npx busbar run`. */
function wordsIn(command: string): string[] {
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
  expect(words.splice(0, 3)).to.deep.equal(['npx', 'busbar', 'run'])
  return words
}

const targetText = `export default { name: 't', description: 't', view: 'none',
  prepare: () => ({ handle: null, close() {} }), attach() {} }`

const scenarioText = `import { find, type Scenario } from 'busbar/stress'
const usual = await find('scenarios', 'dead-backend')
export default { name: 'mine', description: 'mine', targets: ['./it target.mjs'],
  plan: (options) => ({ ...usual.plan(options), checkers: ['conservation'] }) } satisfies Scenario`

const stages: PlanFile['runs'][number]['stages'] = [
  { name: 'steady', role: 'steady', duration: '2s', requests: 50 },
  { name: 'out', role: 'outage', duration: '1s', behaviour: { errorRate: 1 } },
]

const file: PlanFile = {
  version: 1,
  defaults: { workers: 2, seed: 11 },
  reports: ['json=reports/'],
  runs: [
    { scenario: 'extreme-load-async', targets: ['none', './it target.mjs'], marks: { efficiencyMin: null } },
    { name: 'rate. and more', scenario: 'dead-backend', rate: 40, faults: ['outage@1s+1s'], kills: 2 },
    { name: 'staged', scenario: 'extreme-load-async', stages, behaviour: { latency: '9ms' } },
    { name: 'soaked', scenario: 'soak-leak', duration: '2s' },
    { name: 'own', scenario: './it scenario.ts' },
  ],
}

describe('the plans of a command line', () => {
  const folder = new TemporaryFolder()
  let plan = ''
  before(async () => {
    await folder.make()
    plan = await folder.write("it's a plan.json", JSON.stringify(file))
    await folder.write('it target.mjs', targetText)
    await folder.write('it scenario.ts', scenarioText)
  })
  after(() => folder.remove())

  it('come again from the command that each report ends with', async () => {
    const own = ['--target', join(folder.path, 'it target.mjs')]
    const cases = [
      [plan],
      [plan, '--seed', '-4', '--timeout', '77ms', '--profile', 'cpu,heap'],
      [plan, '--only', 'staged', '--duration', '3s', '--requests', '8'],
      [plan, '--only', '1', ...own],
      ['dead-backend', ...own],
      [join(folder.path, 'it scenario.ts'), '--rate', '50'],
      [join(folder.path, 'it scenario.ts'), plan],
    ]
    let count = 0
    for (const words of cases.slice(0, -1)) {
      for (const made of (await plansOfWords(words)).plans) {
        const command = commandFor(made)
        expect((await plansOfWords(wordsIn(command))).plans, command).to.deep.equal([made])
        count += 1
      }
    }
    expect(count).to.equal(6 + 6 + 1 + 1 + 1 + 1)
    expect((await plansOfWords(cases.at(-1) ?? [])).plans).to.have.lengthOf(7)
  })

  it('have reports where the file says so', async () => {
    expect((await plansOfWords([plan])).reports).to.deep.equal(['json=reports/'])
    expect((await plansOfWords(['dead-backend'])).reports).to.deep.equal([])
  })

  it('are those of a scenario where a module is one, and of a plan where it is that', async () => {
    const module = await folder.write(
      'plan.mjs',
      `export default ${JSON.stringify({ ...file, runs: file.runs.slice(1, 2) })}`,
    )
    expect((await plansOfWords([module])).plans.map(({ name }) => name)).to.deep.equal(['rate. and more'])
    const scenario = join(folder.path, 'it scenario.ts')
    expect((await plansOfWords([scenario])).plans.map((made) => made.scenario)).to.deep.equal([scenario])
  })

  it('are refused for one run of what is no plan file', async () => {
    const { code, message } = await refusal(plansOfWords(['dead-backend', '--only', '1']))
    expect(message).to.equal('--only is for the runs of a plan file; "dead-backend" is none')
    expect(code).to.equal('ERR_OPTION')
  })

  it('are refused for a module that is neither plan nor scenario', async () => {
    const neither = await folder.write('neither.mjs', 'export default { walks: [] }')
    const { code, message } = await refusal(plansOfWords([neither]))
    expect(message).to.match(/neither\.mjs: the default export is neither a plan file, which has runs, nor a scenario/)
    expect(code).to.equal('ERR_PLAN_FILE')
  })

  it('are refused for a plan file where a scenario is soaked', async () => {
    const soaking: MakePlan = (scenario, options) => scenario.plan(options)
    const { code, message } = await refusal(plansOfWords([plan], soaking))
    expect(message).to.match(/^run: ".*" is a plan file; say a scenario$/)
    expect(code).to.equal('ERR_OPTION')
  })

  it('are refused for a flag that the scenario has no use for, as a flag', async () => {
    const { message } = await refusal(plansOfWords(['dead-backend', '--in-flight', '3']))
    expect(message).to.match(/^--in-flight 3: dead-backend .* --rate/)
  })
})
