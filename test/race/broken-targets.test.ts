import { expect } from 'chai'
import { detect } from '../../src/race/detection.js'
import { findRace, raceNames } from '../../src/race/plug-ins.js'
import { checkers } from '../../src/race/question.js'

const names = await raceNames('broken')

describe('broken targets', () => {
  it('are at least thirty, half of them from the field', async () => {
    const all = await Promise.all(names.map((name) => findRace('broken', name)))
    expect(all.length).to.be.at.least(30)
    expect(all.filter(({ after }) => after.includes('field report')).length).to.be.at.least(all.length / 2)
  })

  it('are caught by every kind of checker that there is', async () => {
    const all = await Promise.all(names.map((name) => findRace('broken', name)))
    const used = new Set(all.flatMap(({ caughtBy }) => Object.keys(caughtBy)))
    expect([...used].toSorted()).to.deep.equal(Object.keys(checkers).toSorted())
  })

  for (const name of names) {
    it(`${name}: each of its checkers catches it alone, and finds nothing in the mended one`, async () => {
      const target = await findRace('broken', name)
      expect(Object.keys(target.caughtBy)).to.not.be.empty
      for (const sentence of [target.mistake, target.why]) expect(sentence).to.match(/^[A-Z].*\.$/)
      for (const { complaint, failure } of detect(name, target, { timeMs: 30_000 })) {
        expect(complaint).to.equal(undefined)
        expect(failure?.schedule.length).to.be.below(200)
        expect(failure?.table).to.not.equal('')
      }
    })
  }

  it('says what a checker found instead, of one that misses', async () => {
    const { mended, ...target } = await findRace('broken', 'lost-update')
    const [miss] = detect('never-wrong', { ...target, broken: mended, mended }, { timeMs: 5000 })
    expect(miss).to.include({ caught: false, complaint: 'found nothing' })
    const [other] = detect('other', { ...target, mended, caughtBy: { deadlock: { check: fails } } }, { timeMs: 5000 })
    expect(other?.complaint).to.match(/^found something else: check, /)
    const [alarm] = detect('alarm', { ...target, mended: target.broken }, { timeMs: 5000 })
    expect(alarm).to.include({ caught: true, falseAlarm: true })
    expect(alarm?.complaint).to.match(/^mended: invalid, /)
  })
})

function fails(): never {
  throw new Error('it is Monday')
}
