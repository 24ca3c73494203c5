import { oneOf, type Specification } from '../../src/history/specification.js'

/** Whether an operation may have given `result` where the object gives `given`: one that never returned may have. */
const gives = (result: unknown, given: unknown) => result === undefined || result === given

export type RegisterAction =
  | { readonly do: 'write'; readonly value: number }
  | { readonly do: 'read' }
  | { readonly do: 'compare-and-set'; readonly expected: number; readonly value: number }
export type RegisterResult = number | boolean | undefined

export const read = { do: 'read' } as const
export const write = (value: number) => ({ do: 'write', value }) as const
export const compareAndSet = (expected: number, value: number) => ({ do: 'compare-and-set', expected, value }) as const

export const register: Specification<number, RegisterAction, RegisterResult> = {
  initial: 0,
  apply(value, action, result) {
    if (action.do === 'write') return action.value
    if (action.do === 'read') return gives(result, value) ? value : undefined
    const succeeds = value === action.expected
    if (!gives(result, succeeds)) return undefined
    return succeeds ? action.value : value
  },
}

export type MapAction = RegisterAction & { readonly key: number }

/** A register for each key. */
export const mapOfRegisters: Specification<number, MapAction, RegisterResult> = {
  initial: register.initial,
  apply: register.apply,
  partition: ({ key }) => key,
}

/** Its writes may be lost: the states after one are an array. */
export const lossyRegister: Specification<number, RegisterAction, RegisterResult> = {
  initial: 0,
  apply(value, action, result) {
    return action.do === 'write' ? [value, action.value] : register.apply(value, action, result)
  },
}

/** `add` and `remove` tell whether they changed the set. */
export interface SetAction {
  readonly do: 'add' | 'remove' | 'has'
  readonly element: number
}

/** Elements have nothing to do with one another: the state is whether the one is in the set. */
export const setOfElements: Specification<boolean, SetAction, boolean> = {
  initial: false,
  apply(isIn, action, result) {
    if (action.do === 'has') return gives(result, isIn) ? isIn : undefined
    const after = action.do === 'add'
    return gives(result, isIn !== after) ? after : undefined
  },
  partition: ({ element }) => element,
}

export type QueueAction = { readonly do: 'enqueue'; readonly item: number } | { readonly do: 'dequeue' }
export type QueueResult = number | 'empty' | undefined

export const dequeue = { do: 'dequeue' } as const
export const enqueue = (item: number) => ({ do: 'enqueue', item }) as const

/** First in, first out; the state is an array. */
export const queue: Specification<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  apply(items, action, result) {
    if (action.do === 'enqueue') return [...items, action.item]
    return gives(result, items[0] ?? 'empty') ? items.slice(1) : undefined
  },
}

/** Items may be lost on their way in: several states, each an array. */
export const lossyQueue: Specification<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  apply(items, action, result) {
    return action.do === 'enqueue' ? oneOf(items, [...items, action.item]) : queue.apply(items, action, result)
  },
}

/** Gives back whichever item it likes. */
export const bag: Specification<readonly number[], QueueAction, QueueResult> = {
  initial: [],
  apply(items, action, result) {
    if (action.do === 'enqueue') return [...items, action.item]
    if (items.length === 0) return gives(result, 'empty') ? items : undefined
    return oneOf(...items.flatMap((item, at) => (gives(result, item) ? [items.toSpliced(at, 1)] : [])))
  },
  key: (items) => items.toSorted().join(),
}

export type CounterAction = { readonly do: 'increment' } | { readonly do: 'read' }

export const increment = { do: 'increment' } as const

export const counter: Specification<number, CounterAction, number | undefined> = {
  initial: 0,
  apply(count, action, result) {
    if (action.do === 'increment') return count + 1
    return gives(result, count) ? count : undefined
  },
}

/** Counts each increment once or twice: several states, each a number. */
export const doubtfulCounter: Specification<number, CounterAction, number | undefined> = {
  initial: 0,
  apply(count, action, result) {
    return action.do === 'increment' ? oneOf(count + 1, count + 2) : counter.apply(count, action, result)
  },
}

/** `acquire` waits, so it returns only to who holds the lock; `try-acquire` tells whether it does. */
export interface LockAction {
  readonly do: 'acquire' | 'try-acquire' | 'release'
  /** Above 0. */
  readonly holder: number
}

/** The state is who holds it; 0 is nobody. */
export const lock: Specification<number, LockAction, boolean | undefined> = {
  initial: 0,
  apply(holder, action, result) {
    if (action.do === 'release') return holder === action.holder ? 0 : undefined
    const succeeds = holder === 0
    if (action.do === 'acquire') return succeeds ? action.holder : undefined
    if (!gives(result, succeeds)) return undefined
    return succeeds ? action.holder : holder
  },
}
