import { expect } from 'chai'
import type { History, Operation } from '../../src/history/history.js'
import { checkLinearizable } from '../../src/history/linearizability.js'
import type { Specification } from '../../src/history/specification.js'
import type { Random } from '../../src/world/random.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import * as models from './brute-force.js'
import { whole } from './operations.js'
import * as specifications from './specifications.js'

/** An action at random, and a result that it might have given. */
type Choose<Action, Result> = (random: Random) => readonly [action: Action, result: Result]

interface Case<State, Action, Result> {
  readonly specification: Specification<State, Action, Result>
  readonly choose: Choose<Action, Result>
}

const historiesPerObject = 300
/** Fewer of either verdict would show little. */
const verdictsMin = historiesPerObject / 6

const oneOf = <Item>(random: Random, ...items: readonly Item[]) => items[whole(random, items.length)] as Item

function onRegister(random: Random): readonly [specifications.RegisterAction, specifications.RegisterResult] {
  const value = 1 + whole(random, 2)
  const what = oneOf(random, 'read', 'write', 'compare-and-set')
  if (what === 'read') return [specifications.read, whole(random, 3)]
  if (what === 'write') return [specifications.write(value), undefined]
  return [specifications.compareAndSet(whole(random, 3), value), random.next() < 0.5]
}

function onMap(random: Random): readonly [specifications.MapAction, specifications.RegisterResult] {
  const [action, result] = onRegister(random)
  return [{ ...action, key: whole(random, 2) }, result]
}

function onSet(random: Random): readonly [specifications.SetAction, boolean] {
  return [{ do: oneOf(random, 'add', 'remove', 'has'), element: whole(random, 2) }, random.next() < 0.5]
}

function onQueue(random: Random): readonly [specifications.QueueAction, specifications.QueueResult] {
  if (random.next() < 0.5) return [specifications.enqueue(1 + whole(random, 2)), undefined]
  return [specifications.dequeue, oneOf<1 | 2 | 'empty'>(random, 1, 2, 'empty')]
}

function onCounter(random: Random): readonly [specifications.CounterAction, number | undefined] {
  return random.next() < 0.6 ? [specifications.increment, undefined] : [specifications.read, whole(random, 5)]
}

function onLock(random: Random): readonly [specifications.LockAction, boolean | undefined] {
  const what = oneOf(random, 'acquire', 'try-acquire', 'release')
  return [{ do: what, holder: 1 + whole(random, 2) }, what === 'try-acquire' ? random.next() < 0.5 : undefined]
}

/** Up to six operations within twelve moments, many of which overlap or touch; every fifth never returns. */
function tinyHistory<Action, Result>(choose: Choose<Action, Result>, random: Random): History<Action, Result> {
  return Array.from({ length: 2 + whole(random, 5) }, (_, thread): Operation<Action, Result> => {
    const [action, result] = choose(random)
    const called = whole(random, 8)
    const operation = { thread, action, called }
    return random.next() < 0.2 ? operation : { ...operation, result, returned: called + 1 + whole(random, 4) }
  })
}

describe('the checker agrees with brute force', () => {
  const { register, mapOfRegisters, setOfElements, queue, counter, lock } = specifications
  const { lossyRegister, lossyQueue, bag, doubtfulCounter } = specifications

  agrees('a register', { specification: register, choose: onRegister }, models.registerModel)
  agrees('a map of registers', { specification: mapOfRegisters, choose: onMap }, models.mapModel)
  agrees('a set', { specification: setOfElements, choose: onSet }, models.setModel)
  agrees('a counter', { specification: counter, choose: onCounter }, models.counterModel)
  agrees('a lock', { specification: lock, choose: onLock }, models.lockModel)
  agrees('a queue, whose state is an array', { specification: queue, choose: onQueue }, models.queueModel)
  agrees(
    'a register that loses writes: an array of states',
    { specification: lossyRegister, choose: onRegister },
    models.lossyRegisterModel,
  )
  agrees(
    'a counter that counts twice: one of several numbers',
    { specification: doubtfulCounter, choose: onCounter },
    models.doubtfulCounterModel,
  )
  agrees(
    'a queue that loses items: one of several arrays',
    { specification: lossyQueue, choose: onQueue },
    models.lossyQueueModel,
  )
  agrees('a bag: one of several arrays, with a key', { specification: bag, choose: onQueue }, models.bagModel)
})

function agrees<State, ModelState, Action, Result>(
  what: string,
  { specification, choose }: Case<State, Action, Result>,
  model: models.Model<ModelState, Action, Result>,
): void {
  it(`on ${what}`, () => {
    const random = seededRandom(what.length)
    const times = { valid: 0, invalid: 0, unknown: 0 }
    for (let count = 0; count < historiesPerObject; count++) {
      const history = tinyHistory(choose, random)
      const { verdict, longest, parts } = checkLinearizable(specification, history)
      const forced = models.bruteForce(model, history)
      const shown = JSON.stringify(history)
      expect(verdict, shown).to.equal(forced.valid ? 'valid' : 'invalid')
      times[verdict] += 1
      if (parts > 1) continue
      if (verdict === 'invalid') expect(longest.length, shown).to.equal(forced.longest)
      const all = history.every(({ returned }) => returned !== undefined)
      if (verdict === 'invalid' || all) expect(models.keepsTime(longest), shown).to.equal(true)
      if (verdict === 'valid' && all) expect(longest, shown).to.have.members(history)
    }
    expect(times.valid).to.be.at.least(verdictsMin)
    expect(times.invalid).to.be.at.least(verdictsMin)
  })
}
