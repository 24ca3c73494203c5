import { numbers } from '../../memory/columns.js'
import { Interned } from '../machine/interned.js'
import type { Machine } from '../machine/machine.js'
import { Status } from '../machine/parked.js'

/**
 * The state of a machine as a row of numbers, so that two states are the same if, and only if, their rows are: where each
 * thread is, who waits or is dead, and how far each cell that was ever written is from what it held at first.
 */
export class StateRow {
  row = numbers(64)
  readonly #initial: Int32Array
  readonly #waitings = new Interned<string>()

  constructor(private readonly machine: Machine) {
    this.#initial = machine.memory.words.slice()
    this.#waitings.numberOf('')
  }

  /** Writes the row, and returns its length. `extra` adds what else makes a state. */
  write(extra: ((row: Int32Array, at: number) => number) | undefined): number {
    const { machine } = this
    const { node, threads, written } = machine
    if (threads + written.length + 16 > this.row.length) this.row = numbers(this.row.length * 2 + written.length)
    const { row } = this
    let at = 0
    for (; at < threads; at++) row[at] = node[at] as number
    row[at++] = this.#waiting()
    if (extra) at = extra(row, at)
    const words = machine.memory.words
    for (let place = 0; place < written.length; place++) {
      const cell = written[place] as number
      row[at++] = (words[cell] as number) - (this.#initial[cell] as number)
    }
    return at
  }

  #waiting(): number {
    const { status, waiters } = this.machine.parked
    let isPlain = true
    for (let thread = 0; thread < status.length; thread++) isPlain &&= status[thread] === Status.running
    return isPlain ? 0 : this.#waitings.numberOf(`${status.join()};${waiters.join()}`)
  }
}
