import { expect } from 'chai'
import { commandFor, optionsFor } from '../src/command.js'
import { plan } from './evidence-builder.js'

describe('the command that runs a plan again', () => {
  it('names scenario, target, seed, load and downstream', () => {
    expect(commandFor(plan())).to.equal(
      'npx busbar run extreme-load-async --target shared --seed 1 --workers 2 --in-flight 150 --requests 1000 --downstream simulated --timeout 1s',
    )
  })

  it('gives the rate of an open load, and the duration where no number of requests ends it', () => {
    const stages = plan().stages.map(({ requests: _, ...stage }) => ({ ...stage, durationMs: 1500 }))
    const command = commandFor(plan({ load: { model: 'open', ratePerSecond: 40 }, stages }))
    expect(command).to.include('--rate 40 --duration 1500ms').and.not.to.include('--in-flight')
  })

  it('gives port, faults, kills and profiles where the plan has them', () => {
    const faults = [{ fromMs: 2000, forMs: 500, override: { errorRate: 1 } }]
    const downstream = { ...plan().downstream, kind: 'http' as const, port: 8080, faults }
    const command = commandFor(plan({ downstream, kills: 100, profileDirectory: 'my profiles' }))
    expect(command).to.include('--downstream http --port 8080 --fault outage@2s+500ms')
    expect(command).to.match(/--kills 100 --profile-dir 'my profiles'$/)
  })

  it('quotes what a shell would take apart', () => {
    expect(commandFor(plan({ profileDirectory: "it's; here" }))).to.match(/'it'\\''s; here'$/)
  })

  it('takes the first measured stage for its own where none is steady', () => {
    const stages = [{ name: 'dead', role: 'outage' as const, durationMs: 8000 }]
    expect(optionsFor(plan({ stages }))).to.include({ durationMs: 8000 })
  })
})
