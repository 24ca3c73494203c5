import type { Operation } from '../../src/history/history.js'
import { precedes } from './operations.js'
import type { QueueAction, QueueResult, RegisterAction, RegisterResult, SetAction } from './specifications.js'

/**
 * Looks for results which, changed so, no order of the operations can give: by operation, what it then gives. Undefined
 * if this history has no place for it. It takes the first place it finds, so who wants another shuffles.
 *
 * All take for granted that the history was valid and, of registers and queues, that nothing is written or enqueued twice.
 */
export type Edit<Action, Result> = (
  operations: readonly Operation<Action, Result>[],
) => ReadonlyMap<unknown, Result> | undefined

const hasReturned = ({ returned }: Operation) => returned !== undefined
const isPending = (operation: Operation) => !hasReturned(operation)

type OnRegister = Operation<RegisterAction, RegisterResult>

function reads(operations: readonly OnRegister[]): OnRegister[] {
  return operations.filter((operation) => operation.action.do === 'read' && hasReturned(operation))
}

export const registerEdits: Record<string, Edit<RegisterAction, RegisterResult>> = {
  /** Values are counted from 1, and 0 is the initial one. */
  'a read gives what nobody writes'(operations) {
    const [first] = reads(operations)
    return first && new Map([[first, -1]])
  },

  /** The value comes from nowhere else, and its writer is called after the read returned. */
  'a read gives what is written after it'(operations) {
    for (const reader of reads(operations)) {
      for (const writer of operations) {
        if (writer.action.do !== 'read' && precedes(reader, writer)) return new Map([[reader, writer.action.value]])
      }
    }
    return undefined
  },

  /** The value can be there only before an unconditional write that lies wholly between its own writer and the reader. */
  'a read gives what was overwritten'(operations) {
    const writes = operations.filter(({ action }) => action.do === 'write')
    for (const reader of reads(operations)) {
      const between = writes.filter((writer) => precedes(writer, reader))
      for (const { action, returned } of operations) {
        if (action.do === 'read' || returned === undefined) continue
        if (between.some(({ called }) => returned < called)) return new Map([[reader, action.value]])
      }
      if (between.length > 0) return new Map([[reader, 0]])
    }
    return undefined
  },

  /** The first to succeed replaces the expected value by another, and it never comes back. */
  'two compare-and-sets succeed with one expected value'(operations) {
    const expecting = (result: boolean) =>
      operations.flatMap((operation) =>
        operation.action.do === 'compare-and-set' && operation.result === result
          ? [{ operation, expected: operation.action.expected }]
          : [],
      )
    const succeeded = expecting(true)
    const second = expecting(false).find(({ expected }) => succeeded.some((first) => first.expected === expected))
    return second && new Map([[second.operation, true]])
  },
}

type OnSet = Operation<SetAction, boolean>

const countOf = (operations: readonly OnSet[], what: SetAction['do'], fits: (operation: OnSet) => boolean) =>
  operations.filter((operation) => operation.action.do === what && fits(operation)).length

/** Of one element. */
export const setEdits: Record<string, Edit<SetAction, boolean>> = {
  /** Adds and removes that change the set take turns, an add first; a remove that never returned may have been one. */
  'more adds change the set than removes allow'(operations) {
    const adds = countOf(operations, 'add', ({ result }) => result === true)
    const removes = countOf(operations, 'remove', (operation) => operation.result === true || isPending(operation))
    if (adds + 1 <= removes + 1) return undefined
    const add = operations.find(({ action, result }) => action.do === 'add' && result === false)
    return add && new Map([[add, true]])
  },

  /** The same, seen from the other side. */
  'more removes change the set than adds allow'(operations) {
    const removes = countOf(operations, 'remove', ({ result }) => result === true)
    const adds = countOf(operations, 'add', (operation) => operation.result === true || isPending(operation))
    if (removes + 1 <= adds) return undefined
    const remove = operations.find(({ action, result }) => action.do === 'remove' && result === false)
    return remove && new Map([[remove, true]])
  },

  /** Some add or remove is the last before the look and none is under way from its call until the look returned. */
  'a look contradicts what nobody touched since'(operations) {
    const changes = operations.filter(({ action }) => action.do !== 'has')
    for (const look of operations) {
      if (look.action.do !== 'has' || isPending(look)) continue
      const after = changes.filter((change) => !precedes(look, change))
      const isSettled = after.some(
        (last) => precedes(last, look) && after.every((other) => other === last || precedes(other, last)),
      )
      if (isSettled) return new Map([[look, !look.result]])
    }
    return undefined
  },
}

type OnQueue = Operation<QueueAction, QueueResult>

function dequeues(operations: readonly OnQueue[]): OnQueue[] {
  return operations.filter((operation) => operation.action.do === 'dequeue' && hasReturned(operation))
}

function enqueues(operations: readonly OnQueue[]): { operation: OnQueue; item: number }[] {
  return operations.flatMap((operation) =>
    operation.action.do === 'enqueue' ? [{ operation, item: operation.action.item }] : [],
  )
}

export const queueEdits: Record<string, Edit<QueueAction, QueueResult>> = {
  'a dequeue gives what nobody enqueues'(operations) {
    const [first] = dequeues(operations)
    return first && new Map([[first, -1]])
  },

  'a dequeue gives what is enqueued after it'(operations) {
    for (const dequeue of dequeues(operations)) {
      const late = enqueues(operations).find(({ operation }) => precedes(dequeue, operation))
      if (late) return new Map([[dequeue, late.item]])
    }
    return undefined
  },

  'two dequeues give the same item'(operations) {
    const [first, second] = dequeues(operations).toSorted(
      (one, other) => Number(one.result === 'empty') - Number(other.result === 'empty'),
    )
    if (!first || !second || first.result === 'empty') return undefined
    return new Map([[second, first.result]])
  },

  /** An item is in the queue before the dequeue is called, and nobody can have taken it before that has returned. */
  'a dequeue finds the queue empty, though an item waits'(operations) {
    const all = operations.filter(({ action }) => action.do === 'dequeue')
    for (const dequeue of dequeues(operations)) {
      const mayHaveTaken = all.filter((other) => other !== dequeue && !precedes(dequeue, other))
      if (mayHaveTaken.some(isPending)) continue
      const taken = new Set(mayHaveTaken.map(({ result }) => result))
      const waits = enqueues(operations).some(({ operation, item }) => precedes(operation, dequeue) && !taken.has(item))
      if (waits) return new Map([[dequeue, 'empty']])
    }
    return undefined
  },

  /** Swaps the results of two, one after the other, whose items were enqueued one after the other: last in, first out. */
  'two items come out in the wrong order'(operations) {
    const enqueueOf = new Map<QueueResult, OnQueue>(
      enqueues(operations).map(({ operation, item }) => [item, operation]),
    )
    const takers = dequeues(operations).filter(({ result }) => result !== 'empty')
    for (const earlier of takers) {
      for (const later of takers) {
        if (!precedes(earlier, later)) continue
        const [first, second] = [enqueueOf.get(earlier.result), enqueueOf.get(later.result)]
        if (!first || !second || !precedes(first, second)) continue
        return new Map([
          [earlier, later.result],
          [later, earlier.result],
        ])
      }
    }
    return undefined
  },
}
