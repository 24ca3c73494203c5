/**
 * What an object does when its operations come one after another: that is what every history of it must look like from some
 * moment to moment between each call and its return (Herlihy & Wing 1990).
 */
export interface Specification<State = unknown, Action = unknown, Result = unknown> {
  readonly initial: State
  /**
   * The state after an operation that gave `result`; undefined if it could not have given that. `result` is undefined too for
   * an operation that never returned: it may have given anything. Several states are possible: an array of
   * them, or `oneOf(…)` where the state is an array itself (as `initial` is). Must not change `state`.
   */
  apply(state: State, action: Action, result: Result | undefined): State | readonly State[] | OneOf<State> | undefined
  /**
   * For an operation that takes effect at several instants, one after another, between its call and its return: an action for each,
   * which `apply` is then given, with the result of the whole. Default: the action itself, at one instant.
   */
  instants?(action: Action): readonly Action[]
  /** To which independent part of the object an action belongs: parts are judged each for itself. Default: all are one. */
  partition?(action: Action): unknown
  /** Equal for equal states, different for different ones. Default: the state as JSON. */
  key?(state: State): string | number
}

/** Several states, one of which the object is in. */
export class OneOf<State> {
  constructor(readonly states: readonly State[]) {}
}

export function oneOf<State>(...states: readonly State[]): OneOf<State> {
  return new OneOf(states)
}

/** A specification as the checker uses it: over all the states that are possible at once, each by its key. */
export class States<State, Action, Result> {
  readonly initial: ReadonlyMap<string | number, State>
  readonly #statesAreArrays: boolean

  constructor(private readonly specification: Specification<State, Action, Result>) {
    this.#statesAreArrays = Array.isArray(specification.initial)
    this.initial = this.#keyed([specification.initial])
  }

  /** The states that are possible after the operation; undefined if there are none. */
  apply(
    states: ReadonlyMap<string | number, State>,
    action: Action,
    result: Result | undefined,
  ): ReadonlyMap<string | number, State> | undefined {
    const next: State[] = []
    for (const state of states.values()) next.push(...this.#successors(state, action, result))
    return next.length > 0 ? this.#keyed(next) : undefined
  }

  /** Equal for equal sets of states. */
  keyOf(states: ReadonlyMap<string | number, State>): string {
    // As JSON, so that a text is never taken for a number, nor for two texts.
    const keys = [...states.keys()]
    return keys.length === 1 ? keyText(keys[0]) : keys.map(keyText).toSorted().join()
  }

  #successors(state: State, action: Action, result: Result | undefined): readonly State[] {
    const next = this.specification.apply(state, action, result)
    if (next === undefined) return []
    if (next instanceof OneOf) return next.states
    return Array.isArray(next) && !this.#statesAreArrays ? (next as readonly State[]) : [next as State]
  }

  #keyed(states: readonly State[]): Map<string | number, State> {
    return new Map(states.map((state) => [this.#key(state), state]))
  }

  #key(state: State): string | number {
    if (this.specification.key) return this.specification.key(state)
    return typeof state === 'number' ? state : (JSON.stringify(state) ?? 'undefined')
  }
}

function keyText(key: string | number | undefined): string {
  return typeof key === 'number' ? String(key) : JSON.stringify(key)
}
