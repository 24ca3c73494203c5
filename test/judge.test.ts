import { rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { find } from '../src/catalog.js'
import { judge } from '../src/judge.js'
import deadBackend from '../src/scenarios/dead-backend.js'
import { soakPlan } from '../src/soak/course.js'
import { circuit, evidence, plan, transitionsWith } from './evidence-builder.js'

describe('judge', () => {
  it("puts the evidence before each of the plan's checkers, in order", async () => {
    const report = await judge(evidence())
    expect(report.verdicts.map(({ checker }) => checker)).to.deep.equal(evidence().plan.checkers)
    expect(report.result).to.equal('valid')
  })

  it('ends with the command that makes the plan again, its own or that of its scenario', async () => {
    const usual = (await find('scenarios', 'extreme-load-async')).plan({ requests: 77 })
    const report = await judge(evidence({ plan: usual }))
    expect(report.command).to.match(/^npx busbar run extreme-load-async --target shared --seed 1 .*--requests 77 /)
    const soaked = await judge(evidence({ plan: soakPlan(deadBackend, { durationMs: 9000 }) }))
    expect(soaked.command).to.match(/^npx busbar soak dead-backend --target shared .*--duration 9s /)
    const ofFile = await judge(evidence({ plan: plan({ command: ['run', 'my plan.yaml', '--only', '2'] }) }))
    expect(ofFile.command).to.equal("npx busbar run 'my plan.yaml' --only 2")
  })

  it('says that no command makes a plan that was changed in code, or whose scenario nobody knows', async () => {
    const usual = (await find('scenarios', 'extreme-load-async')).plan({})
    for (const changed of [
      { ...usual, marks: {} },
      { ...usual, scenario: 'nobody-knows' },
    ]) {
      expect((await judge(evidence({ plan: changed }))).command).to.match(/^# none: the plan was changed in code$/)
    }
  })

  it('answers the worst of the verdicts', async () => {
    const circuits = [circuit({ transitions: transitionsWith(4, { from: 'open' }) })]
    const report = await judge(evidence({ circuits }))
    expect(report.result).to.equal('invalid')
    expect(report.verdicts.filter(({ result }) => result === 'invalid')).to.have.lengthOf(1)
  })

  it('answers unknown for a checker that crashes, with the error in one line', async () => {
    const damaged = { ...evidence(), stages: undefined as never }
    const report = await judge({ ...damaged, plan: plan({ checkers: ['conservation'] }) })
    expect(report.result).to.equal('unknown')
    expect(report.verdicts[0]?.summary).to.match(/^the checker failed: TypeError: .+$/)
  })

  it('answers unknown for a checker that nobody knows, and goes on with the others', async () => {
    const report = await judge(evidence({ plan: plan({ checkers: ['astrology', 'conservation'] }) }))
    expect(report.verdicts.map(({ result }) => result)).to.deep.equal(['unknown', 'valid'])
    expect(report.verdicts[0]?.summary).to.include('unknown checker "astrology"; there are: ')
    expect(report.result).to.equal('unknown')
  })

  it('answers unknown for a checker whose file does not load', async () => {
    const folder = new URL('../src/checkers/', import.meta.url)
    const name = `broken-${process.pid}`
    const file = new URL(`${name}.js`, folder)
    writeFileSync(file, 'throw new Error("first line\\nsecond line")')
    try {
      const report = await judge(evidence({ plan: plan({ checkers: [name] }) }))
      expect(report.verdicts[0]).to.deep.include({
        result: 'unknown',
        summary: 'the checker failed: Error: first line',
      })
    } finally {
      rmSync(file)
    }
  })

  it('lists a checker that does not apply apart, and does not count it', async () => {
    const report = await judge(evidence({ circuits: [] }))
    expect(report.skipped).to.deep.include({ checker: 'outage-recovery', reason: 'the target has no circuit' })
    expect(report.result).to.equal('valid')
  })

  it('answers unknown when no checker was left to ask', async () => {
    expect((await judge(evidence({ plan: plan({ checkers: [] }) }))).result).to.equal('unknown')
  })

  it('never calls an interrupted run valid, and leaves an invalid one invalid', async () => {
    expect((await judge(evidence({ interrupted: true }))).result).to.equal('unknown')
    const circuits = [circuit({ finalState: 'open' })]
    expect((await judge(evidence({ interrupted: true, circuits }))).result).to.equal('invalid')
  })
})
