import { expect } from 'chai'
import { ExploreError } from '../../src/explore/errors.js'
import { explore } from '../../src/explore/explore.js'
import { parseSchedule, scheduleText } from '../../src/explore/judging/schedule-text.js'
import { choiceOf, deathOf } from '../../src/explore/machine/choice.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { whole } from '../history/operations.js'

describe('a schedule as a text', () => {
  it('is short', () => {
    expect(scheduleText([0, 0, 0, 1, deathOf(0), choiceOf(1, 2), 1, 1])).to.equal('a3b!a:2bb2')
    expect(scheduleText([])).to.equal('')
  })

  it('is read back as it was', () => {
    const random = seededRandom(1)
    for (let time = 0; time < 500; time++) {
      const schedule = Array.from({ length: whole(random, 40) }, () => {
        const thread = whole(random, 14)
        return whole(random, 8) === 0
          ? deathOf(thread)
          : choiceOf(thread, whole(random, 6) === 0 ? whole(random, 62) : 0)
      })
      expect(parseSchedule(scheduleText(schedule))).to.deep.equal(schedule)
    }
  })

  for (const [text, position] of [
    ['a2?b', 3],
    ['z', 1],
    ['a!', 2],
    ['a:b', 2],
    ['3a', 1],
  ] as const) {
    it(`is refused where it is none: ${text}`, () => {
      expect(() => parseSchedule(text))
        .to.throw(ExploreError, `no schedule from character ${position} on`)
        .with.property('code', 'ERR_BAD_SCHEDULE')
    })
  }

  it('of another program is refused at the step that cannot be made', () => {
    const program = { cells: 1, threads: [() => 0] }
    for (const [schedule, message] of [
      ['a9', 'step 1 of the schedule: thread 0 cannot make a step'],
      ['b', 'step 1 of the schedule: thread 1 cannot make a step'],
      ['!a', 'step 1 of the schedule: thread 0 cannot die'],
    ] as const) {
      expect(() => explore({ ...program, strategy: 'replay', schedule }))
        .to.throw(ExploreError, message)
        .with.property('code', 'ERR_BAD_SCHEDULE')
    }
  })
})
