import type { Operation } from '../../history/history.js'
import { checkLinearizable, type Linearizability } from '../../history/linearizability.js'
import type { Specification } from '../../history/specification.js'
import { threadOf } from '../machine/choice.js'
import { Interned } from '../machine/interned.js'
import type { Machine } from '../machine/machine.js'
import { Access } from '../machine/operation.js'

/**
 * The history of the execution under way: its calls and returns in their order.
 *
 * As part of a state it is a number: calls that follow one another without a return between may change places, and so may returns,
 * for that changes nothing about which operation was over before which began. What is called and returned is known
 * from where the threads are.
 */
export class HistoryTracker {
  /** Histories that could not be judged in time. */
  undecided = 0
  /** What came before the latest row of calls or of returns; which of the two that is; and its threads, a bit each. */
  #before = 0
  #kind: number = Access.none
  #threads = 0
  readonly #rows = new Interned<string>()
  readonly #undo: [before: number, kind: number, threads: number][] = []
  readonly #judged = new Map<string, Linearizability>()

  constructor(
    private readonly machine: Machine,
    private readonly specification: Specification,
  ) {
    this.#rows.numberOf('')
  }

  afterStep(): void {
    const { machine } = this
    const depth = machine.depth - 1
    this.#undo.push([this.#before, this.#kind, this.#threads])
    const access = machine.access[depth]
    if (access !== Access.call && access !== Access.return) return
    if (access !== this.#kind) {
      this.#before = this.#rows.numberOf(`${this.#before};${this.#kind};${this.#threads}`)
      this.#kind = access
      this.#threads = 0
    }
    this.#threads |= 1 << threadOf(machine.choice[depth] as number)
  }

  beforeUndo(): void {
    const last = this.#undo.pop()
    if (last) [this.#before, this.#kind, this.#threads] = last
  }

  /** Writes the history into a row of the state. */
  write(row: Int32Array, at: number): number {
    row[at] = this.#before
    row[at + 1] = this.#kind
    row[at + 2] = this.#threads
    return at + 3
  }

  /** What is wrong with the history; undefined if it is linearizable, or was not decided. */
  judge(): Linearizability | undefined {
    const key = this.#key()
    let judged = this.#judged.get(key)
    if (!judged) {
      judged = checkLinearizable(this.specification, this.operations())
      this.#judged.set(key, judged)
      if (judged.verdict === 'unknown') this.undecided += 1
    }
    return judged.verdict === 'invalid' ? judged : undefined
  }

  operations(): Operation[] {
    const { machine } = this
    const operations: Operation[] = []
    const open = new Map<number, number>()
    for (let depth = 0; depth < machine.depth; depth++) {
      const access = machine.access[depth]
      const thread = threadOf(machine.choice[depth] as number)
      const detail = machine.trie.detail(machine.stepNode[depth] as number)
      if (access === Access.call) open.set(thread, operations.push({ thread, action: detail, called: depth }) - 1)
      const index = open.get(thread)
      if (access !== Access.return || index === undefined) continue
      operations[index] = { ...(operations[index] as Operation), result: detail, returned: depth }
      open.delete(thread)
    }
    return operations
  }

  /** Equal for histories that say the same. */
  #key(): string {
    const { machine } = this
    let key = ''
    for (let depth = 0; depth < machine.depth; depth++) {
      const access = machine.access[depth]
      if (access === Access.call || access === Access.return) key += `${machine.stepNode[depth]},`
    }
    return key
  }
}
