import { type Clock, monotonicClock } from '../world/clock.js'
import { checkHistory, type History, HistoryError, type Operation } from './history.js'
import { type Instant, PartitionSearch } from './partition-search.js'
import { type Specification, States } from './specification.js'

export interface LinearizabilityOptions {
  /** After so long the verdict is `unknown`. Default 10,000; at most 2³¹ − 1. */
  readonly timeoutMs?: number
}

export interface Linearizability<Action = unknown, Result = unknown> {
  /** `unknown`: not decided within the time. */
  readonly verdict: 'valid' | 'invalid' | 'unknown'
  /**
   * The longest order that was found of the part that decided it: of an invalid history, as far as one can come. Operations
   * that never returned may be missing from it.
   */
  readonly longest: readonly Operation<Action, Result>[]
  /** Of an invalid history, the operations of the part that has no order. */
  readonly part?: readonly Operation<Action, Result>[]
  /** How many independent parts there were. */
  readonly parts: number
}

/** So many steps each part takes before it is the next one's turn. */
const TURN = 1000

/**
 * Whether the history is one of an object of this specification: whether each operation can be given a moment between its call
 * and its return, so that one after another they do what the specification says.
 *
 * Parts take turns, so one that is hard to decide does not hide another that is plainly wrong. Throws a `HistoryError` if
 * the history is none.
 */
export function checkLinearizable<State, Action, Result>(
  specification: Specification<State, Action, Result>,
  history: History<Action, Result>,
  { timeoutMs = 10_000 }: LinearizabilityOptions = {},
  clock: Clock = monotonicClock,
): Linearizability<Action, Result> {
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw new HistoryError(`timeoutMs is ${timeoutMs}; allowed: milliseconds above 0 and below 2³¹`)
  }
  checkHistory(history)
  const untilMs = clock.nowMs() + timeoutMs
  const states = new States(specification)
  const parts = partsOf(specification, history)
  let searches = parts.map((instants) => ({ instants, search: new PartitionSearch(states, instants) }))
  let last: readonly Operation<Action, Result>[] = []
  while (searches.length > 0) {
    const undecided: typeof searches = []
    for (const part of searches) {
      const found = part.search.advance(TURN)
      const longest = () =>
        part.search.longest.map((index) => asOperation(part.instants[index] as Instant<Action, Result>))
      if (found === false) {
        return { verdict: 'invalid', longest: longest(), part: operationsOf(part.instants), parts: parts.length }
      }
      if (found) last = longest()
      else undecided.push(part)
      const isLast = undecided.length === 0 && part === searches.at(-1)
      if (!isLast && clock.nowMs() >= untilMs) return { verdict: 'unknown', longest: longest(), parts: parts.length }
    }
    searches = undecided
  }
  return { verdict: 'valid', longest: last, parts: parts.length }
}

function partsOf<State, Action, Result>(
  specification: Specification<State, Action, Result>,
  history: History<Action, Result>,
): Instant<Action, Result>[][] {
  const inOrder = history.toSorted((one, other) => one.called - other.called)
  const parts = new Map<unknown, Instant<Action, Result>[]>()
  for (const operation of inOrder) {
    const key = specification.partition?.(operation.action)
    const part = parts.get(key)
    const instants = specification.instants?.(operation.action) ?? [operation.action]
    const own = instants.map((action, index) => ({ operation, action, isFirst: index === 0 }))
    if (part) part.push(...own)
    else parts.set(key, own)
  }
  return [...parts.values()]
}

function asOperation<Action, Result>({ operation, action }: Instant<Action, Result>): Operation<Action, Result> {
  return action === operation.action ? operation : { ...operation, action }
}

function operationsOf<Action, Result>(instants: readonly Instant<Action, Result>[]): Operation<Action, Result>[] {
  return instants.filter(({ isFirst }) => isFirst).map(({ operation }) => operation)
}
