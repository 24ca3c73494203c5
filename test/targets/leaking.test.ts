import { expect } from 'chai'
import { find, leakingNames, names } from '../../src/catalog.js'
import type { LeakingTarget } from '../../src/leaking-target.js'
import { Outcome } from '../../src/target.js'
import { exampleBreaker } from './example-breaker.js'

const all = await leakingNames()

describe('targets that leak on purpose', () => {
  it('are known by the folder in their name, and not among the others', async () => {
    expect(await names('targets')).not.to.include.members(all)
    for (const name of all) expect((await find('targets', name)).name).to.equal(name)
  })

  it('are at least ten that leak, and three that only look like it', async () => {
    const targets: LeakingTarget[] = await Promise.all(all.map((name) => find('targets', name)))
    expect(targets.filter(({ guilt }) => guilt).length).to.be.at.least(10)
    const innocent = targets.filter(({ guilt }) => !guilt).map(({ name }) => name)
    expect(innocent).to.include.members(['leaking/innocent-cache', 'leaking/innocent-pool', 'leaking/innocent-warm-up'])
  })

  for (const name of all) {
    it(`call the backend once and tell how the call ended: ${name}`, async () => {
      const target = await find('targets', name)
      const prepared = target.prepare(exampleBreaker, 1)
      const attached = target.attach(prepared.handle, exampleBreaker)
      let calls = 0
      const body = async () => {
        calls += 1
        if (calls % 10 === 0) throw new Error('the backend is down')
      }
      const outcomes: Outcome[] = []
      for (let call = 0; call < 100; call += 1) outcomes.push(await attached.call(body))
      expect(calls).to.equal(100)
      expect(outcomes.filter((outcome) => outcome === Outcome.error)).to.have.length(10)
      expect(outcomes.filter((outcome) => outcome === Outcome.success)).to.have.length(90)
      expect(prepared.observe?.().outcomes).to.deep.include({ success: 90, error: 10 })
      attached.detach()
      prepared.close()
    })
  }
})
