import { bytes } from '../memory/columns.js'
import type { Operation } from './history.js'
import type { States } from './specification.js'

/** An operation at one of the instants at which it takes effect: each but the first comes after the one before it in the list. */
export interface Instant<Action = unknown, Result = unknown> {
  readonly operation: Operation<Action, Result>
  readonly action: Action
  readonly isFirst: boolean
}

/** A call or a return, in the order of time; what has been put in order already is taken out of the list. */
interface Entry {
  readonly instant: number
  readonly isCall: boolean
  /** Of a call: its return, if it did. */
  partner: Entry | undefined
  previous: Entry | undefined
  next: Entry | undefined
}

/** What was before an operation was put in order. */
interface Choice<Set> {
  readonly entry: Entry
  readonly states: Set
  readonly highest: number
}

type Keyed<State> = ReadonlyMap<string | number, State>

/**
 * Looks for an order of the operations of one part of an object that its specification allows and that keeps every operation
 * between its call and its return: Wing & Gong 1993, with Lowe's memory of what was tried ("Testing for linearizability", 2017): the
 * same operations put in order with the same states after them lead to nothing new.
 *
 * It keeps its place between calls of `advance`, so that several can take turns.
 */
export class PartitionSearch<State, Action, Result> {
  /** The longest order that was given up. */
  #longest: readonly number[] = []
  #states: Keyed<State>
  #entry: Entry | undefined
  readonly #head: Entry = { instant: -1, isCall: false, partner: undefined, previous: undefined, next: undefined }
  readonly #order: Choice<Keyed<State>>[] = []
  readonly #tried = new Set<string>()
  /** 1 for each operation that is in the order; and the highest number of such. */
  readonly #placed: Uint8Array
  #highest = -1
  /** How many operations that returned are not yet in the order. */
  #left: number

  constructor(
    private readonly specification: States<State, Action, Result>,
    private readonly instants: readonly Instant<Action, Result>[],
  ) {
    this.#states = specification.initial
    this.#placed = bytes(instants.length)
    this.#left = instants.filter(({ operation }) => operation.returned !== undefined).length
    this.#entry = this.#link()
  }

  /** The longest order found so far: indices of operations. */
  get longest(): readonly number[] {
    // An order that was given up may be longer, by operations that never returned; one that is whole is the answer.
    if (this.#left > 0 && this.#order.length <= this.#longest.length) return this.#longest
    return this.#order.map(({ entry }) => entry.instant)
  }

  /** Makes up to `steps` steps. True: an order was found. False: there is none. Undefined: not known yet. */
  advance(steps: number): boolean | undefined {
    for (let step = 0; step < steps; step++) {
      if (this.#left === 0) return true
      const entry = this.#entry
      if (entry?.isCall) this.#try(entry)
      else if (!this.#giveUpLast()) return false
    }
    return this.#left === 0 ? true : undefined
  }

  /** Puts the operation next in the order, if that is possible and was not tried. */
  #try(entry: Entry): void {
    const { operation, action, isFirst } = this.instants[entry.instant] as Instant<Action, Result>
    const { result, returned } = operation
    const isDue = isFirst || this.#placed[entry.instant - 1] === 1
    const given = returned === undefined ? undefined : result
    const next = isDue ? this.specification.apply(this.#states, action, given) : undefined
    if (!next) {
      this.#entry = entry.next
      return
    }
    const highest = this.#highest
    this.#lift(entry)
    this.#highest = Math.max(highest, entry.instant)
    const key = `${this.#inOrder()}\n${this.specification.keyOf(next)}`
    if (this.#tried.has(key)) {
      this.#unlift(entry)
      this.#highest = highest
      this.#entry = entry.next
      return
    }
    this.#tried.add(key)
    this.#order.push({ entry, states: this.#states, highest })
    if (returned !== undefined) this.#left -= 1
    this.#states = next
    this.#entry = this.#head.next
  }

  #giveUpLast(): boolean {
    this.#longest = this.longest
    const last = this.#order.pop()
    if (!last) return false
    if (last.entry.partner) this.#left += 1
    this.#states = last.states
    this.#highest = last.highest
    this.#unlift(last.entry)
    this.#entry = last.entry.next
    return true
  }

  /**
   * Which operations are in the order: all before the first that is not (they are numbered in the order of their calls), and of those
   * up to the last that is, a bit each. Few are in between: those that overlap.
   */
  #inOrder(): string {
    const first = this.#firstLeft()
    let key = `${first}:${this.#highest}:`
    let bits = 0
    let count = 0
    for (let operation = first + 1; operation <= this.#highest; operation++) {
      bits = (bits << 1) | (this.#placed[operation] as number)
      if (++count % 16 !== 0) continue
      key += String.fromCharCode(bits)
      bits = 0
    }
    return `${key}${bits}`
  }

  #firstLeft(): number {
    for (let entry = this.#head.next; entry; entry = entry.next) if (entry.isCall) return entry.instant
    return this.instants.length
  }

  #lift(entry: Entry): void {
    this.#placed[entry.instant] = 1
    unlink(entry)
    if (entry.partner) unlink(entry.partner)
  }

  /** In the reverse order of `lift`, so each finds its neighbours as it left them. */
  #unlift(entry: Entry): void {
    this.#placed[entry.instant] = 0
    if (entry.partner) relink(entry.partner)
    relink(entry)
  }

  /** Operations are in the order of their calls. A return at the time of a call comes after it: then they overlap. */
  #link(): Entry | undefined {
    const events: { time: number; entry: Entry }[] = []
    for (const [instant, { operation }] of this.instants.entries()) {
      const { called, returned } = operation
      const call: Entry = { instant, isCall: true, partner: undefined, previous: undefined, next: undefined }
      events.push({ time: called, entry: call })
      if (returned === undefined) continue
      call.partner = { instant, isCall: false, partner: undefined, previous: undefined, next: undefined }
      events.push({ time: returned, entry: call.partner })
    }
    events.sort((one, other) => one.time - other.time || Number(other.entry.isCall) - Number(one.entry.isCall))
    let last = this.#head
    for (const { entry } of events) {
      entry.previous = last
      last.next = entry
      last = entry
    }
    return this.#head.next
  }
}

function unlink({ previous, next }: Entry): void {
  if (previous) previous.next = next
  if (next) next.previous = previous
}

function relink(entry: Entry): void {
  if (entry.previous) entry.previous.next = entry
  if (entry.next) entry.next.previous = entry
}
