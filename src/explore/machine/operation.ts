/**
 * What a thread does next, as numbers: kinds of operations, and what each is to a cell.
 *
 * `done` and `threw` are how a body ends; `call` and `return` mark where an operation of the user's begins and ends.
 */
export const Kind = {
  load: 1,
  store: 2,
  add: 3,
  sub: 4,
  exchange: 5,
  compareExchange: 6,
  wait: 7,
  notify: 8,
  load64: 9,
  store64: 10,
  add64: 11,
  compareExchange64: 12,
  random: 13,
  /** Waits until a thread has died; its result is which. */
  awaitDeath: 14,
  call: 15,
  return: 16,
  done: 17,
  threw: 18,
} as const

const names = new Map(Object.entries(Kind).map(([name, kind]) => [kind as number, name]))

export function kindName(kind: number): string {
  return names.get(kind) ?? `operation ${kind}`
}

/**
 * What an operation is to a cell. Two accesses of one cell depend on one another unless both are reads; a call depends
 * on the returns of other threads, and a return on their calls, for that order is what linearizability asks about.
 */
export const Access = { none: 0, read: 1, write: 2, call: 3, return: 4 } as const

/** What `wait` gives, as the number that it is in a prefix of results. */
export const waitResults = ['ok', 'not-equal', 'timed-out'] as const
export const WAIT_OK = 0
export const WAIT_NOT_EQUAL = 1
export const WAIT_TIMED_OUT = 2

/** An operation, as a run of a thread's body comes to it. */
export interface Operation {
  readonly kind: number
  /** Of the first cell; −1 if it touches none. */
  readonly cell: number
  /** The value written, added, expected by a `wait` or to be woken; of a 64-bit one its number among the interned. */
  readonly value: number
  /** What a compareExchange expects; of a `wait` 1 if it may time out. */
  readonly expected: number
  /** What ended the body, was given to `call`, or was returned from it. */
  readonly detail: unknown
}
