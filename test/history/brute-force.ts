import type { History, Operation } from '../../src/history/history.js'
import { precedes } from './operations.js'
import type {
  CounterAction,
  LockAction,
  MapAction,
  QueueAction,
  QueueResult,
  RegisterAction,
  RegisterResult,
  SetAction,
} from './specifications.js'

/** An object told the other way around than by a `Specification`: what an action may give, and what the state is then. */
export interface Model<State, Action, Result> {
  readonly initial: State
  outcomes(state: State, action: Action): readonly (readonly [result: Result, state: State])[]
}

/**
 * How many operations the longest order has that the model allows, taking every order of all of them in turn; and whether
 * one has all that returned. Those that never returned are left out or take effect with whatever result.
 */
export function bruteForce<State, Action, Result>(
  model: Model<State, Action, Result>,
  history: History<Action, Result>,
): { readonly valid: boolean; readonly longest: number } {
  let longest = 0
  const goesThrough = (order: History<Action, Result>, at: number, state: State, placed: number): boolean => {
    longest = Math.max(longest, placed)
    const operation = order[at]
    if (!operation) return true
    const isPending = operation.returned === undefined
    if (isPending && goesThrough(order, at + 1, state, placed)) return true
    return model
      .outcomes(state, operation.action)
      .some(
        ([result, next]) => (isPending || result === operation.result) && goesThrough(order, at + 1, next, placed + 1),
      )
  }
  const valid = permutations(history.length).some((permutation) => {
    const order = permutation.map((index) => history[index] as Operation<Action, Result>)
    return keepsTime(order) && goesThrough(order, 0, model.initial, 0)
  })
  return { valid, longest }
}

/** Whether no operation comes after one that was called only when it had returned. */
export function keepsTime(order: History): boolean {
  return order.every((operation, at) => order.slice(at + 1).every((later) => !precedes(later, operation)))
}

const known = new Map<number, readonly (readonly number[])[]>([[0, [[]]]])

function permutations(count: number): readonly (readonly number[])[] {
  const found = known.get(count)
  if (found) return found
  const all = permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, at) => rest.toSpliced(at, 0, count - 1)),
  )
  known.set(count, all)
  return all
}

export const registerModel: Model<number, RegisterAction, RegisterResult> = {
  initial: 0,
  outcomes(value, action) {
    if (action.do === 'read') return [[value, value]]
    if (action.do === 'write') return [[undefined, action.value]]
    return value === action.expected ? [[true, action.value]] : [[false, value]]
  },
}

/** All keys together, where the specification takes each for itself. */
export const mapModel: Model<ReadonlyMap<number, number>, MapAction, RegisterResult> = {
  initial: new Map(),
  outcomes: (values, action) =>
    registerModel
      .outcomes(values.get(action.key) ?? 0, action)
      .map(([result, value]) => [result, new Map(values).set(action.key, value)]),
}

export const lossyRegisterModel: Model<number, RegisterAction, RegisterResult> = {
  initial: 0,
  outcomes(value, action) {
    const kept = registerModel.outcomes(value, action)
    return action.do === 'write' ? [...kept, [undefined, value]] : kept
  },
}

/** Elements as the letters of a text. */
export const setModel: Model<string, SetAction, boolean> = {
  initial: '',
  outcomes(elements, { do: what, element }) {
    const isIn = elements.includes(`${element}`)
    if (what === 'has') return [[isIn, elements]]
    if (what === 'add') return [[!isIn, isIn ? elements : `${elements}${element}`]]
    return [[isIn, elements.replace(`${element}`, '')]]
  },
}

export const queueModel: Model<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  outcomes(items, action) {
    if (action.do === 'enqueue') return [[undefined, [...items, action.item]]]
    const [first, ...rest] = items
    return [[first ?? 'empty', rest]]
  },
}

export const lossyQueueModel: Model<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  outcomes(items, action) {
    const kept = queueModel.outcomes(items, action)
    return action.do === 'enqueue' ? [[undefined, items], ...kept] : kept
  },
}

export const bagModel: Model<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  outcomes(items, action) {
    if (action.do === 'enqueue') return [[undefined, [action.item, ...items]]]
    if (items.length === 0) return [['empty', items]]
    return items.map((item, at) => [item, items.filter((_, other) => other !== at)])
  },
}

export const counterModel: Model<number, CounterAction, number | undefined> = {
  initial: 0,
  outcomes: (count, action) => (action.do === 'read' ? [[count, count]] : [[undefined, count + 1]]),
}

export const doubtfulCounterModel: Model<number, CounterAction, number | undefined> = {
  initial: 0,
  outcomes(count, action) {
    const once = counterModel.outcomes(count, action)
    return action.do === 'read' ? once : [...once, [undefined, count + 2]]
  },
}

export const lockModel: Model<number | undefined, LockAction, boolean | undefined> = {
  initial: undefined,
  outcomes(owner, { do: what, holder }) {
    if (what === 'release') return owner === holder ? [[undefined, undefined]] : []
    if (owner === undefined) return [[what === 'acquire' ? undefined : true, holder]]
    return what === 'acquire' ? [] : [[false, owner]]
  },
}
