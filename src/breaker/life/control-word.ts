/**
 * The control word: the one word that says what a circuit is, and the only linearization point of its transitions.
 *
 *     bits 0–2    state
 *     bits 3–31   identity of the circuit's current life: its sequence number, then the slot of the thread that began it
 *
 * The identity's low bits are that slot (as many bits as the number of slots needs), the rest is the sequence number,
 * which counts transitions and wraps. Two threads that race from the same life propose different words, so a word names
 * one life only, and the record that tells the rest of it (`transition-log.ts`) has one writer.
 *
 * A closed life may be written with two more codes, that of a watched and that of an observed one; `lifeOf` writes it as
 * it began. So no permission has these codes, and a permission is never 0, which refuses.
 */
export const State = {
  /** Closed, watched, and a thread asks for the events of every call. */
  closedObserved: 0,
  closed: 1,
  open: 2,
  halfOpen: 3,
  forcedOpen: 4,
  disabled: 5,
  metricsOnly: 6,
  /** Closed, and a failure was recorded in this life, so that a success has something to look at. To users it is closed. */
  closedWatched: 7,
} as const

/** The states that users see, each at the place of its code less 1. */
export const states = ['closed', 'open', 'half-open', 'forced-open', 'disabled', 'metrics-only'] as const
export type CircuitState = (typeof states)[number]

const names: readonly CircuitState[] = ['closed', ...states, 'closed']

/** How often a life number occurs again: 29 bits less those of the slot. */
const IDENTITY_BITS = 29

export function stateOf(control: number): number {
  return control & 7
}

export function stateName(control: number): CircuitState {
  return names[control & 7] ?? 'closed'
}

export function stateCode(name: CircuitState): number {
  return states.indexOf(name) + 1
}

/** The same life, written with the state that it began with: a watched or observed life began as closed. */
export function lifeOf(control: number): number {
  return ((control + 1) & 6) === 0 ? (control & ~7) | State.closed : control
}

/** The same closed life, watched, and not or no longer observed. */
export function watched(control: number): number {
  return control | State.closedWatched
}

/** The same closed life, observed, and therefore watched. */
export function observed(control: number): number {
  return control & ~7
}

export class ControlWords {
  readonly #slotBits: number
  readonly #sequenceMask: number

  /** `slots` must be a power of two. */
  constructor(slots: number) {
    this.#slotBits = 31 - Math.clz32(slots)
    this.#sequenceMask = 2 ** (IDENTITY_BITS - this.#slotBits) - 1
  }

  compose(state: number, sequence: number, slot: number): number {
    return ((((sequence & this.#sequenceMask) << this.#slotBits) | slot) << 3) | state
  }

  /** The epoch that users see: the number of transitions so far, until it wraps. */
  sequenceOf(control: number): number {
    return control >>> (3 + this.#slotBits)
  }

  /** The slot of the thread that began this life. */
  slotOf(control: number): number {
    return (control >>> 3) & ((1 << this.#slotBits) - 1)
  }

  /** The word that a thread in `slot` proposes to follow `control`. */
  next(control: number, state: number, slot: number): number {
    return this.compose(state, this.sequenceOf(control) + 1, slot)
  }

  /** How many transitions lead from one sequence number to another. */
  distance(from: number, to: number): number {
    return (to - from) & this.#sequenceMask
  }
}
