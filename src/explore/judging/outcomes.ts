import { numbers } from '../../memory/columns.js'
import { Interned } from '../machine/interned.js'
import type { Machine } from '../machine/machine.js'
import { Kind } from '../machine/operation.js'
import { Status } from '../machine/parked.js'
import { RowTable } from '../state/row-table.js'
import { outcomeText, returnedText } from './outcome-text.js'

const DIED = -1
const STUCK = -2

/**
 * The different ways in which executions ended: what the cells held and what the bodies returned. Each as a text, that of the
 * same outcome the same whichever strategy met it.
 */
export class Outcomes {
  readonly counts = new Map<string, number>()
  readonly #table = new RowTable()
  readonly #texts: string[] = []
  readonly #returns = new Interned<string>()
  readonly #returnOf = new Map<number, number>()
  readonly #initial: Int32Array
  #row = numbers(64)

  constructor(
    private readonly machine: Machine,
    /** The user's cells come first; the explorer's own are no part of an outcome. */
    private readonly cells: number,
    /** As are the user's threads. */
    private readonly threads: number,
  ) {
    this.#initial = machine.memory.words.slice()
    this.#returns.numberOf('undefined')
  }

  add(): void {
    const { machine, threads } = this
    const { written } = machine
    if (threads + written.length > this.#row.length) this.#row = numbers((threads + written.length) * 2)
    const row = this.#row
    for (let thread = 0; thread < threads; thread++) row[thread] = this.#returned(thread)
    let at = threads
    for (let place = 0; place < written.length; place++) {
      const cell = written[place] as number
      row[at++] = cell < this.cells ? (machine.memory.words[cell] as number) - (this.#initial[cell] as number) : 0
    }
    const number = this.#table.add(row, at)
    if (this.#table.isNew) this.#texts.push(this.#text())
    const text = this.#texts[number] as string
    this.counts.set(text, (this.counts.get(text) ?? 0) + 1)
  }

  #returned(thread: number): number {
    const { machine } = this
    if (machine.parked.status[thread] === Status.dead) return DIED
    const node = machine.node[thread] as number
    const kind = machine.trie.kind[node] as number
    if (kind === Kind.threw || kind < Kind.done) return STUCK
    const detail = machine.trie.detail(node)
    if (detail === undefined) return 0
    let number = this.#returnOf.get(node)
    if (number === undefined) {
      number = this.#returns.numberOf(returnedText(detail))
      this.#returnOf.set(node, number)
    }
    return number
  }

  #text(): string {
    const { machine, threads, cells } = this
    const returns: string[] = []
    for (let thread = 0; thread < threads; thread++) {
      const returned = this.#row[thread] as number
      returns.push(returned === DIED ? 'died' : returned === STUCK ? 'did not end' : this.#returns.at(returned))
    }
    return outcomeText(machine.memory, cells, this.#initial, returns)
  }
}
