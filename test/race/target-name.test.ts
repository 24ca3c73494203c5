import { expect } from 'chai'
import { ExploreError } from '../../src/explore/errors.js'
import { explore } from '../../src/explore/explore.js'
import { racedBy } from '../../src/race/target-name.js'

describe('the name of something to race', () => {
  it('is of a broken target, of it mended, of a case of a program, or of a litmus test', async () => {
    expect(explore(await racedBy('broken/lost-update')).verdict).to.equal('invalid')
    expect(explore(await racedBy('broken/lost-update/linearizability')).failure?.kind).to.equal('not-linearizable')
    expect(explore(await racedBy('mended/lost-update')).verdict).to.equal('valid')
    expect(explore(await racedBy('programs/slot-claims/1')).verdict).to.equal('valid')
    expect(explore(await racedBy('litmus/store-buffering')).outcomes.size).to.equal(3)
  })

  for (const [name, allowed] of [
    ['nope', /"nope" is not known; allowed: broken, programs, litmus, mended/],
    ['broken/nope', /broken\/nope is not known; there are: aba-control-word, /],
    ['broken/lost-update/deadlock', /allowed: no-lost-update, linearizability/],
    ['programs/slot-claims/99', /allowed: 0 to \d/],
    ['litmus/nope', /there are: .*store-buffering/],
  ] as const) {
    it(`is refused with what is allowed: ${name}`, async () => {
      const error = await racedBy(name).catch((thrown) => thrown)
      expect(error).to.be.instanceOf(ExploreError).with.property('code', 'ERR_EXPLORE_OPTION')
      expect((error as Error).message).to.match(allowed)
    })
  }
})
