import type { Operation } from '../../src/history/history.js'
import type { Random } from '../../src/world/random.js'

/** An operation that returned. */
export function done<Action, Result = never>(
  thread: string,
  [called, returned]: readonly [number, number],
  action: Action,
  result?: Result,
): Operation<Action, Result> {
  return { thread, action, called, returned, ...(result === undefined ? {} : { result }) }
}

/** An operation that never returned. */
export function pending<Action>(thread: string, called: number, action: Action): Operation<Action, never> {
  return { thread, action, called }
}

/** Whether one returned before the other was called. At the same moment they overlap. */
export function precedes(one: Operation, other: Operation): boolean {
  return one.returned !== undefined && one.returned < other.called
}

/** A whole number from 0 to `below` − 1. */
export function whole(random: Random, below: number): number {
  return Math.floor(random.next() * below)
}

export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const mixed = [...items]
  for (let left = mixed.length; left > 1; left--) {
    const at = whole(random, left)
    const last = mixed[left - 1] as Item
    mixed[left - 1] = mixed[at] as Item
    mixed[at] = last
  }
  return mixed
}
