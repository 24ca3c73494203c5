import { expect } from 'chai'
import type { History } from '../../src/history/history.js'
import { checkLinearizable } from '../../src/history/linearizability.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { editToInvalid, validHistory } from './generated.js'
import { type Kind, mapsOf, queues, registers, sets } from './kinds.js'
import { whole } from './operations.js'

/** Of each kind, half of them valid. */
const historiesPerKind = 2500

describe('of generated histories, the checker finds', () => {
  claims('registers', registers)
  claims('sets', sets)
  claims('queues', queues)
  claims('maps of registers', mapsOf(5))
})

function claims<State, Action, Result>(what: string, kind: Kind<State, Action, Result>): void {
  const generated = (seed: number) => {
    const random = seededRandom(seed)
    const size = { clients: 2 + whole(random, kind.clientsMax - 1), operations: 10 + whole(random, 31) }
    return { history: validHistory(kind, size, random), random }
  }

  const verdictOf = (history: History<Action, Result>) => checkLinearizable(kind.specification, history).verdict

  it(`${what} valid whose operations took effect on a real object`, () => {
    for (let seed = 0; seed < historiesPerKind / 2; seed++) {
      const { history } = generated(seed)
      if (verdictOf(history) !== 'valid') expect.fail(`seed ${seed} is valid: ${JSON.stringify(history)}`)
    }
  })

  it(`${what} invalid after one edit that no order allows, each edit at least fifty times`, () => {
    const times = new Map(Object.keys(kind.edits).map((edit) => [edit, 0]))
    let left = historiesPerKind / 2
    for (let seed = historiesPerKind; left > 0; seed++) {
      const { history, random } = generated(seed)
      const edited = editToInvalid(kind, history, random)
      if (!edited) continue
      left -= 1
      times.set(edited.edit, (times.get(edited.edit) ?? 0) + 1)
      if (verdictOf(edited.history) !== 'invalid') {
        expect.fail(`seed ${seed} is invalid, ${edited.edit}: ${JSON.stringify(edited.history)}`)
      }
    }
    for (const [edit, count] of times) expect(count, edit).to.be.at.least(50)
  })
}
