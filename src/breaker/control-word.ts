/**
 * The control word: the one word that says what a circuit is, and the only linearization point of its transitions.
 *
 *     bits 0–2    state
 *     bits 3–31   identity of the circuit's current life: sequence number, and the slot of the thread that began it
 *
 * The identity's low `slotBits` bits are that slot, the rest is the sequence number, which counts transitions and
 * wraps. Two threads that race from the same life propose different words, so a word names one life only.
 */
export const State = {
  closed: 1,
  open: 2,
  halfOpen: 3,
  forcedOpen: 4,
  disabled: 5,
  metricsOnly: 6,
  /** Closed, and at least one failure was recorded in this life: a success has something to do. To users it is closed. */
  closedWatched: 7,
} as const

export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'disabled' | 'metrics-only'

const stateNames: readonly CircuitState[] = [
  'closed',
  'closed',
  'open',
  'half-open',
  'forced-open',
  'disabled',
  'metrics-only',
  'closed',
]

export function stateOf(control: number): number {
  return control & 7
}

export function stateName(control: number): CircuitState {
  return stateNames[control & 7] as CircuitState
}
