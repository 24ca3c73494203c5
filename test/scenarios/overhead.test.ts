import { expect } from 'chai'
import { optionsFor } from '../../src/command.js'
import { planSchema } from '../../src/plan.js'
import overheadAsync from '../../src/scenarios/overhead-async.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { run } from '../../src/stress.js'

for (const scenario of [overheadSync, overheadAsync]) {
  describe(scenario.name, () => {
    it('makes a valid plan, that its report’s command gives again', () => {
      for (const options of [{}, { requests: 7, seed: 3, target: 'opossum' }]) {
        const plan = scenario.plan(options)
        expect(planSchema.parse(plan)).to.deep.equal(plan)
        expect(scenario.plan(optionsFor(plan))).to.deep.equal(plan)
      }
    })

    it('refuses a load, as there is none', () => {
      expect(() => scenario.plan({ inFlight: 5 })).to.throw(/inFlight 5: .*one call after another/)
      expect(() => scenario.plan({ downstream: 'http' })).to.throw(/downstream "http"/)
    })

    it('measures as many turns of each as it is asked for', async () => {
      for (const target of ['shared', 'cockatiel']) {
        const { evidence, verdicts } = await run(scenario.plan({ target, requests: 3 }))
        expect(evidence.overhead?.bareNs).to.have.lengthOf(3)
        expect(evidence.overhead?.guardedNs).to.have.lengthOf(3)
        expect(evidence.overhead?.calls).to.be.above(0)
        expect(evidence.overhead?.succeeded).to.equal(evidence.overhead?.calls)
        expect(verdicts.map(({ checker }) => checker)).to.deep.equal(['overhead'])
      }
    }).timeout(60_000)
  })
}
