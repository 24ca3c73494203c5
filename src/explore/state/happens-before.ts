import { numbers, wider } from '../../memory/columns.js'
import { isDeath, threadOf } from '../machine/choice.js'
import type { Machine } from '../machine/machine.js'
import { Access, Kind } from '../machine/operation.js'

const NONE = -1

/**
 * Which steps of the execution under way happened before which, and which of them race.
 *
 * Map. Steps are numbered by their depth. Each has a vector clock: of each thread, its last step that happened before this one, or
 * that is this one. Of each cell: its last write, and each thread's last read since; of each thread: its last step, call and return.
 *
 * Two steps race if they depend on one another and nothing between them orders them: exchanging them gives another execution.
 */
export class HappensBefore {
  readonly #threads: number
  #clocks: Int32Array
  readonly #lastStep: Int32Array
  readonly #lastWrite: Int32Array
  readonly #lastRead: Int32Array
  readonly #lastCall: Int32Array
  readonly #lastReturn: Int32Array
  /** What `undo` puts back: four to a step. */
  #kept: Int32Array
  #lastDeath = NONE
  readonly #candidates: number[] = []
  readonly #firstOf: Int32Array

  constructor(private readonly machine: Machine) {
    const { threads, queues } = machine
    this.#threads = threads
    this.#clocks = numbers(1024 * threads)
    this.#kept = numbers(1024 * 4)
    this.#lastStep = numbers(threads).fill(NONE)
    this.#lastCall = numbers(threads).fill(NONE)
    this.#lastReturn = numbers(threads).fill(NONE)
    this.#firstOf = numbers(threads)
    this.#lastWrite = numbers(queues * 2).fill(NONE)
    this.#lastRead = numbers(queues * 2 * threads).fill(NONE)
  }

  /** Takes the step that the machine just made; returns the steps with which it races. */
  add(): readonly number[] {
    const { machine } = this
    const depth = machine.depth - 1
    const threads = this.#threads
    if ((depth + 1) * threads > this.#clocks.length) this.#grow()
    const clocks = this.#clocks
    const choice = machine.choice[depth] as number
    const thread = threadOf(choice)
    const base = depth * threads
    const previous = this.#lastStep[thread] as number
    for (let other = 0; other < threads; other++) {
      clocks[base + other] = previous === NONE ? NONE : (clocks[previous * threads + other] as number)
    }
    this.#kept[depth * 4] = previous
    this.#lastStep[thread] = depth
    const candidates = this.#candidates
    candidates.length = 0
    if (isDeath(choice)) {
      this.#kept[depth * 4 + 1] = this.#lastDeath
      this.#lastDeath = depth
    } else {
      const kind = machine.trie.kind[machine.stepNode[depth] as number]
      if (kind === Kind.awaitDeath) this.#join(base, this.#lastDeath)
      // What touches nothing, of a wait, is to go on after a notify.
      if (kind === Kind.wait && machine.access[depth] === Access.none) {
        this.#join(base, machine.parked.notifiedBy[thread] as number)
      }
      this.#touch(depth, thread, machine.cell[depth] as number, machine.access[depth] as number, 1)
      const other = machine.otherCell[depth] as number
      if (other >= 0) this.#touch(depth, thread, other, machine.otherAccess[depth] as number, 2)
      if (candidates.length > 0) this.#keepRaces(base)
    }
    return this.#close(base, depth, thread)
  }

  /** Forgets the step that the machine is about to take back. */
  remove(): void {
    const { machine } = this
    const depth = machine.depth - 1
    const choice = machine.choice[depth] as number
    const thread = threadOf(choice)
    if (isDeath(choice)) {
      this.#lastDeath = this.#kept[depth * 4 + 1] as number
    } else {
      const other = machine.otherCell[depth] as number
      if (other >= 0) this.#untouch(depth, thread, other, machine.otherAccess[depth] as number, 2)
      this.#untouch(depth, thread, machine.cell[depth] as number, machine.access[depth] as number, 1)
    }
    this.#lastStep[thread] = this.#kept[depth * 4] as number
  }

  /** Whether the step at `depth` is, or happened before, the one at `later`. */
  precedes(depth: number, later: number): boolean {
    const thread = threadOf(this.machine.choice[depth] as number)
    return (this.#clocks[later * this.#threads + thread] as number) >= depth
  }

  /**
   * The threads that may begin what follows `depth` without it, up to the last step, in another order: the initials of
   * notdep(e).p (Abdulla et al. 2014, §4). A bit each; a death is bit 16 + the thread.
   */
  initialsAfter(depth: number): number {
    const { machine } = this
    const threads = this.#threads
    const clocks = this.#clocks
    const first = this.#firstOf.fill(NONE)
    let mask = 0
    const last = machine.depth - 1
    for (let step = depth + 1; step <= last; step++) {
      const choice = machine.choice[step] as number
      const thread = threadOf(choice)
      if (first[thread] !== NONE) continue
      if (step < last && this.precedes(depth, step)) continue
      let isInitial = true
      for (let other = 0; other < threads; other++) {
        const begun = first[other] as number
        if (begun !== NONE && (clocks[step * threads + other] as number) >= begun) isInitial = false
      }
      first[thread] = step
      if (isInitial) mask |= 1 << (isDeath(choice) ? 16 + thread : thread)
    }
    return mask
  }

  #touch(depth: number, thread: number, cell: number, access: number, keep: number): void {
    const at = depth * 4 + keep
    if (access === Access.read) {
      this.#consider(thread, this.#lastWrite[cell] as number)
      const own = cell * this.#threads + thread
      this.#kept[at] = this.#lastRead[own] as number
      this.#lastRead[own] = depth
    } else if (access === Access.write) {
      const written = this.#lastWrite[cell] as number
      this.#consider(thread, written)
      for (let other = 0; other < this.#threads; other++) {
        const read = this.#lastRead[cell * this.#threads + other] as number
        if (read > written) this.#consider(thread, read)
      }
      this.#kept[at] = written
      this.#lastWrite[cell] = depth
    } else if (access !== Access.none) {
      const [own, others] =
        access === Access.call ? [this.#lastCall, this.#lastReturn] : [this.#lastReturn, this.#lastCall]
      for (let other = 0; other < this.#threads; other++) this.#consider(thread, others[other] as number)
      this.#kept[at] = own[thread] as number
      own[thread] = depth
    }
  }

  #untouch(depth: number, thread: number, cell: number, access: number, keep: number): void {
    const kept = this.#kept[depth * 4 + keep] as number
    if (access === Access.read) this.#lastRead[cell * this.#threads + thread] = kept
    else if (access === Access.write) this.#lastWrite[cell] = kept
    else if (access === Access.call) this.#lastCall[thread] = kept
    else if (access === Access.return) this.#lastReturn[thread] = kept
  }

  #consider(thread: number, step: number): void {
    if (step === NONE) return
    if (threadOf(this.machine.choice[step] as number) !== thread) this.#candidates.push(step)
  }

  /** Of the candidates keeps those with which the new step races; the clocks of all go into its own, at `#close`. */
  #keepRaces(base: number): void {
    const candidates = this.#candidates
    const all = candidates.length
    for (let at = 0; at < all; at++) {
      const step = candidates[at] as number
      const other = threadOf(this.machine.choice[step] as number)
      let races = (this.#clocks[base + other] as number) < step
      for (let against = 0; races && against < all; against++) {
        const later = candidates[against] as number
        if (later > step && this.precedes(step, later)) races = false
        if (later === step && against < at) races = false
      }
      if (races) candidates.push(step)
    }
    for (let at = 0; at < all; at++) this.#join(base, candidates[at] as number)
    candidates.splice(0, all)
  }

  #join(base: number, step: number): void {
    const clocks = this.#clocks
    const threads = this.#threads
    for (let other = 0; other < threads; other++) {
      const known = clocks[step * threads + other] as number
      if (known > (clocks[base + other] as number)) clocks[base + other] = known
    }
  }

  #close(base: number, depth: number, thread: number): readonly number[] {
    this.#clocks[base + thread] = depth
    return this.#candidates
  }

  #grow(): void {
    this.#clocks = wider(this.#clocks)
    this.#kept = wider(this.#kept)
  }
}
