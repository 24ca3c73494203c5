import { join } from 'node:path'
import { expect } from 'chai'
import { find, names } from '../src/catalog.js'
import { commandFor, optionsFor } from '../src/command.js'
import type { Plan } from '../src/plan.js'
import { plan } from './evidence-builder.js'

describe('the command that runs a plan again', () => {
  it('names scenario, target, seed, load and downstream', () => {
    expect(commandFor(plan())).to.equal(
      'npx busbar run extreme-load-async --target shared --seed 1 --workers 2 --in-flight 150 --requests 1000 --duration 1s --downstream simulated --timeout 1s',
    )
  })

  it('gives the rate of an open load, and no number of requests where only time ends it', () => {
    const stages = plan().stages.map(({ requests: _, ...stage }) => ({ ...stage, durationMs: 1500 }))
    const command = commandFor(plan({ load: { model: 'open', ratePerSecond: 40 }, stages }))
    expect(command)
      .to.include('--rate 40 --duration 1500ms')
      .and.not.to.match(/--in-flight|--requests/)
  })

  it('gives port, faults, kills and profiles where the plan has them', () => {
    const faults = [{ fromMs: 2000, forMs: 500, override: { errorRate: 1 } }]
    const downstream = { ...plan().downstream, kind: 'http' as const, port: 8080, faults }
    const command = commandFor(
      plan({ downstream, kills: 100, profile: { kinds: ['cpu', 'heap'], directory: 'my profiles' } }),
    )
    expect(command).to.include('--downstream http --port 8080 --fault outage@2s+500ms')
    expect(command).to.match(/--kills 100 --profile cpu,heap --profile-dir 'my profiles'$/)
  })

  it('quotes what a shell would take apart', () => {
    expect(commandFor(plan({ profile: { kinds: ['cpu'], directory: "it's; here" } }))).to.match(/'it'\\''s; here'$/)
  })

  it('is what the plan says of itself, if it does', () => {
    const command = ['run', 'my plan.yaml', '--only', '2']
    expect(commandFor(plan({ command }))).to.equal("npx busbar run 'my plan.yaml' --only 2")
  })

  it('shows what the user has written from the current folder on', () => {
    const mine = (name: string) => join(process.cwd(), 'own', name)
    const command = commandFor(plan({ scenario: mine('scenario.ts'), target: mine('target.ts') }))
    expect(command).to.match(/^npx busbar run own\/scenario\.ts --target own\/target\.ts /)
  })

  it('takes the first measured stage for its own where none is steady', () => {
    const stages = [{ name: 'dead', role: 'outage' as const, durationMs: 8000 }]
    expect(optionsFor(plan({ stages }))).to.include({ durationMs: 8000 })
  })

  it('takes a stage that works for its own, not a rest', () => {
    const rest = { name: 'before', role: 'rest' as const, durationMs: 600_000 }
    const stages = [rest, { name: 'dead', role: 'outage' as const, durationMs: 8000 }]
    expect(optionsFor(plan({ stages }))).to.include({ durationMs: 8000 })
  })

  it('comes from options that give the same plan again, for every scenario and what is said of it', async () => {
    const fault = { fromMs: 1, forMs: 2, override: { errorRate: 1 } }
    const cases = [{}, { workers: 3, seed: -7, durationMs: 1500 }, { requests: 77 }, { requests: 77, durationMs: 900 }]
    const more = [
      { downstream: 'http' as const, port: 8080, faults: [fault] },
      { kills: 3, profileDirectory: 'here' },
      { profile: ['heap' as const, 'allocation' as const] },
    ]
    for (const name of await names('scenarios')) {
      const scenario = await find('scenarios', name)
      for (const options of [...cases, ...more, ...scenario.targets.map((target) => ({ target }))]) {
        let made: Plan
        try {
          made = scenario.plan(options)
        } catch {
          // A scenario may refuse an option that is not for it.
          continue
        }
        expect(scenario.plan(optionsFor(made)), `${name} ${JSON.stringify(options)}`).to.deep.equal(made)
      }
    }
  })
})
