import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'

/** The states of the small breaker, in the low two bits of its control word; the epoch is above them. */
export const Small = { closed: 0, open: 1, halfOpen: 2, forcedOpen: 3 } as const

/** Where it keeps what. A target may use cells from `free` on for what it adds. */
export const Cell = { control: 0, failures: 1, deadline: 2, probes: 3, inFlight: 4, free: 5 } as const

/** What becomes of a result: counted, or it made the circuit open or close, or it came too late. */
export type Settled = 'counted' | 'opened' | 'closed' | 'stale'

export interface SmallRules {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Calls that a half-open life lets through; so many must succeed to close it. */
  readonly permitted: number
  readonly waitMs: number
}

export const smallRules: SmallRules = { failures: 2, permitted: 1, waitMs: 10 }

/** Epoch and count in one word, so that what a slow thread of an earlier life counts cannot reach this one. */
const COUNT_BITS = 12
const COUNT = 2 ** COUNT_BITS - 1

/**
 * A circuit breaker as small as one can be that is right, over `Cells`: what the broken ones are made from, each by one mistake.
 *
 * Every transition is one compareExchange of the control word (epoch and state). Failures in a row, the deadline of an open life and
 * the probes of a half-open one are words of their own, each with the epoch that it belongs to. A permission is the control
 * word under which it was given; 0 is none.
 */
export class SmallBreaker {
  constructor(
    protected readonly cells: Cells,
    protected readonly clock: Clock,
    protected readonly rules: SmallRules = smallRules,
  ) {}

  tryAcquire(): number {
    for (;;) {
      const control = this.cells.load(Cell.control)
      const state = stateOf(control)
      if (state === Small.closed) return control
      if (state === Small.forcedOpen) return 0
      if (state === Small.halfOpen) return this.claimProbe(control) ? control : 0
      if (!this.waitIsOver(control)) return 0
      // Whoever is faster makes it half-open; either way there is something new to look at.
      this.transition(control, Small.halfOpen)
    }
  }

  succeed(permission: number): Settled {
    if (this.isStale(permission)) return 'stale'
    if (stateOf(permission) === Small.closed) {
      this.endRow(permission)
      return 'counted'
    }
    if (this.countSuccess(permission) < this.rules.permitted) return 'counted'
    return this.transition(permission, Small.closed) ? 'closed' : 'stale'
  }

  fail(permission: number): Settled {
    if (this.isStale(permission)) return 'stale'
    if (stateOf(permission) === Small.closed && this.countFailure(permission) < this.rules.failures) return 'counted'
    return this.open(permission) ? 'opened' : 'stale'
  }

  /** The call was not made, or counts as nothing. */
  release(permission: number): Settled {
    if (this.isStale(permission)) return 'stale'
    if (stateOf(permission) === Small.halfOpen) this.returnProbe(permission)
    return 'counted'
  }

  forceOpen(): void {
    this.toState(Small.forcedOpen)
  }

  reset(): void {
    this.toState(Small.closed)
  }

  protected toState(state: number): void {
    for (;;) {
      const control = this.cells.load(Cell.control)
      if (stateOf(control) === state || this.transition(control, state)) return
    }
  }

  protected isStale(permission: number): boolean {
    return this.cells.load(Cell.control) !== permission
  }

  protected transition(from: number, state: number): boolean {
    return this.cells.compareExchange(Cell.control, from, nextOf(from, state)) === from
  }

  protected open(from: number): boolean {
    this.publishDeadline(epochOf(nextOf(from, Small.open)), this.clock.nowMs() + this.rules.waitMs)
    return this.transition(from, Small.open)
  }

  /** Before the life is visible; never over the deadline of a later one. */
  protected publishDeadline(epoch: number, atMs: number): void {
    const { cells } = this
    for (;;) {
      const deadline = cells.load(Cell.deadline)
      if (epochIn(deadline) >= epoch) return
      if (cells.compareExchange(Cell.deadline, deadline, tagged(epoch, atMs)) === deadline) return
    }
  }

  protected waitIsOver(control: number): boolean {
    const deadline = this.cells.load(Cell.deadline)
    return epochIn(deadline) !== epochOf(control) || this.clock.nowMs() >= countIn(deadline)
  }

  /** How many failures in a row there are with this one. */
  protected countFailure(permission: number): number {
    return this.#count(Cell.failures, epochOf(permission), (failures) => failures + 1)
  }

  protected endRow(permission: number): void {
    this.#count(Cell.failures, epochOf(permission), () => 0)
  }

  /** Claimed probes are counted in the low six bits, those that succeeded above them. */
  protected claimProbe(permission: number): boolean {
    const { cells, rules } = this
    for (;;) {
      const probes = cells.load(Cell.probes)
      if (epochIn(probes) > epochOf(permission)) return false
      const own = epochIn(probes) === epochOf(permission) ? countIn(probes) : 0
      if ((own & 63) >= rules.permitted) return false
      if (cells.compareExchange(Cell.probes, probes, tagged(epochOf(permission), own + 1)) === probes) return true
    }
  }

  protected returnProbe(permission: number): void {
    this.#count(Cell.probes, epochOf(permission), (count) => count - 1)
  }

  protected countSuccess(permission: number): number {
    return this.#count(Cell.probes, epochOf(permission), (count) => count + 64) >> 6
  }

  /** The count of a life after the change; of a life that has passed, 0. */
  #count(cell: number, epoch: number, change: (count: number) => number): number {
    const { cells } = this
    for (;;) {
      const word = cells.load(cell)
      if (epochIn(word) > epoch) return 0
      const before = epochIn(word) === epoch ? countIn(word) : 0
      const after = change(before)
      if (before === after || cells.compareExchange(cell, word, tagged(epoch, after)) === word) return after
    }
  }
}

export function controlOf(epoch: number, state: number): number {
  return (epoch << 2) | state
}

export function stateOf(control: number): number {
  return control & 3
}

export function epochOf(control: number): number {
  return control >> 2
}

export function nextOf(control: number, state: number): number {
  return controlOf(epochOf(control) + 1, state)
}

/** A count, or a time, with the epoch that it belongs to. */
export function tagged(epoch: number, count: number): number {
  return (epoch << COUNT_BITS) | count
}

export function epochIn(word: number): number {
  return word >> COUNT_BITS
}

export function countIn(word: number): number {
  return word & COUNT
}
