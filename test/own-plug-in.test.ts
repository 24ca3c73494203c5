import { join } from 'node:path'
import { expect } from 'chai'
import { find } from '../src/catalog.js'
import { EngineError } from '../src/engine.js'
import type { Kind } from '../src/plug-in.js'
import { Outcome } from '../src/target.js'
import { refusal, TemporaryFolder } from './temporary-folder.js'

const breaker = {
  slidingWindow: { type: 'consecutive' as const, size: 2 },
  failureRateThreshold: 0.5,
  minimumCalls: 2,
  waitDurationInOpenStateMs: 5,
  permittedNumberOfCallsInHalfOpenState: 1,
}

const scenarioText = (plan: string) => `
import type { Scenario } from 'busbar/stress'
import { find } from 'busbar/stress'
const usual = await find('scenarios', 'extreme-load-async')
export default {
  name: 'mine', description: 'mine', targets: ['./my-target.mjs', 'shared'],
  plan(options) { ${plan} },
} satisfies Scenario`

describe('a plug-in of the user’s own', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('is found by its path, in TypeScript and in JavaScript', async () => {
    const text = `({ name: 'mine', description: 'mine', view: 'none', prepare: () => ({ handle: null, close() {} }),
      attach: () => ({ call: async () => 3, state: () => 'closed', observe() {}, detach() {} }) })`
    for (const name of ['target.mjs', 'target.ts', 'target.mts']) {
      const typed = name.endsWith('ts') ? ' as unknown' : ''
      const file = await folder.write(name, `export default ${text}${typed}\n`)
      expect(await (await find('targets', file)).attach(null, breaker).call(async () => {}), name).to.equal(3)
    }
  })

  it('imports the Busbar that loads it, so that its words and its errors are the same', async () => {
    const file = await folder.write(
      'reporter.ts',
      `import { EngineError, type Reporter } from 'busbar/stress'
       import { Outcome } from 'busbar/target'
       export default {
         name: 'mine', description: 'mine', extension: 'txt',
         render() { throw Object.assign(new EngineError('ERR_MINE', 'mine'), { Outcome }) },
       } satisfies Reporter`,
    )
    const reporter = await find('reporters', file)
    expect(() => reporter.render([], { color: false, width: 80 })).to.throw(EngineError)
    try {
      reporter.render([], { color: false, width: 80 })
    } catch (error) {
      expect(error).to.have.property('Outcome', Outcome)
    }
  })

  const refused: Record<string, [kind: Kind, name: string, text: string | undefined, line: RegExp]> = {
    'a file that is not there': ['targets', 'gone.ts', undefined, /^target .*gone\.ts: there is no such file$/],
    'a folder': ['targets', '.', undefined, /^target .*: allowed are files that end in \.ts, \.mts, \.js, \.mjs$/],
    'another kind of file': ['checkers', 'a.txt', 'x', /^checker .*a\.txt: allowed are files that end in \.ts/],
    'code that can not be read': [
      'targets',
      'broken.ts',
      'export default {',
      /^target .*broken\.ts can't be loaded: ./,
    ],
    'code that throws': [
      'targets',
      'throws.mjs',
      'throw new Error("no database")',
      /^target .*throws\.mjs can't be loaded: no database$/,
    ],
    'a module without a default export': [
      'targets',
      'nothing.mjs',
      'export const a = 1',
      /nothing\.mjs: the default export is missing; allowed: a target$/,
    ],
    'a text': ['reporters', 'text.mjs', 'export default "x"', /the default export is "x"; allowed: a reporter$/],
    'a target without its parts': [
      'targets',
      'half.mjs',
      'export default { name: "half", description: "half", view: "both", prepare: 3 }',
      /no target: view is "both"; allowed: shared, per-worker, none\. prepare is 3; allowed: a function\. attach is missing/,
    ],
    'a scenario on nothing': [
      'scenarios',
      'on-nothing.mjs',
      'export default { name: "a", description: "a", targets: [], plan() {} }',
      /no scenario: targets is \[\]; allowed: a list of names or paths/,
    ],
    'a checker that asks nothing': [
      'checkers',
      'mute.mjs',
      'export default { name: "mute", check() {}, applies: true }',
      /no checker: question is missing; allowed: a text\. applies is true; allowed: a function, or none$/,
    ],
  }
  for (const [what, [kind, name, text, line]] of Object.entries(refused)) {
    it(`is refused if it is ${what}`, async () => {
      const file = text === undefined ? join(folder.path, name) : await folder.write(name, text)
      const { code, message } = await refusal(find(kind, file))
      expect(message).to.match(line)
      expect(code).to.equal('ERR_PLUG_IN')
    })
  }

  it('is told of by whoever knows no such name', async () => {
    const { message } = await refusal(find('targets', 'mine'))
    expect(message).to.match(
      /^unknown target "mine"; there are: .*; or say the path of your own, such as \.\/my-target\.ts$/,
    )
  })

  describe('that is a scenario', () => {
    it('makes plans that are called by its path, and sees targets and checkers from its folder', async () => {
      const text = scenarioText(`return { ...usual.plan(options), target: options.target ?? './my-target.mjs',
        checkers: ['conservation', './my-checker.ts'] }`)
      const file = await folder.write('scenario.ts', text)
      const scenario = await find('scenarios', file)
      const plan = scenario.plan({ workers: 3 })
      expect(scenario.targets).to.deep.equal([join(folder.path, 'my-target.mjs'), 'shared'])
      expect(plan).to.include({ scenario: file, target: join(folder.path, 'my-target.mjs'), workers: 3 })
      expect(plan.checkers).to.deep.equal(['conservation', join(folder.path, 'my-checker.ts')])
      expect(scenario.plan({ target: 'shared' }).target).to.equal('shared')
      expect(Object.isFrozen(plan.stages[0])).to.equal(true)
    })

    it('is refused a plan that is none, by field and value', async () => {
      const file = await folder.write('bad-plan.ts', scenarioText('return { ...usual.plan(options), workers: 0 }'))
      const scenario = await find('scenarios', file)
      expect(() => scenario.plan({})).to.throw(EngineError, /bad-plan\.ts: workers is 0: too small/)
    })

    it('is named where it fails to make one', async () => {
      const file = await folder.write('failing.ts', scenarioText('throw new TypeError("no such table")'))
      const scenario = await find('scenarios', file)
      expect(() => scenario.plan({})).to.throw(EngineError, /failing\.ts made no plan: TypeError: no such table$/)
    })
  })
})
