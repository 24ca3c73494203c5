import { numbers } from '../../memory/columns.js'
import type { PrivateCells } from '../../memory/private-cells.js'
import { isDeath, threadOf, variantOf } from './choice.js'
import { Access, Kind, WAIT_NOT_EQUAL, WAIT_OK, WAIT_TIMED_OUT } from './operation.js'
import { Parked, Status } from './parked.js'
import type { ResultTrie } from './result-trie.js'
import { Spinning } from './spinning.js'
import { Steps } from './steps.js'

/** In place of a result, with a status of waiting: the thread is still at this operation. */
const STAYS = -1

/**
 * All threads and their memory at one moment: it can go one step on and one step back, each in constant time.
 *
 * Map. A thread is the node of the result trie that it has come to. A step is a row of columns: what was chosen, from which
 * node, which cells it touched and how, what they held before. No code of the user's runs in a step, unless the trie
 * has not met its result before.
 */
export class Machine extends Steps {
  /** The node of the trie at which each thread is. */
  readonly node: Int32Array
  readonly parked: Parked
  /** How many threads have died. */
  deaths = 0
  /** Which died last; −1: none. */
  lastDead = -1
  /** Which cells were ever written, in the order in which they first were; and where each is in this list, from 1. */
  readonly written: number[] = []
  readonly place: Int32Array
  /** Where the queues of waiters are among the cells: each behind the cells themselves, in the same order. */
  readonly queues: number
  readonly spinning: Spinning
  readonly #words: Int32Array

  constructor(
    readonly trie: ResultTrie,
    readonly memory: PrivateCells,
    readonly threads: number,
    /** How many threads may die, of the first so many. */
    readonly mostDeaths: number,
    readonly mortals: number,
    /** How many values a draw may give. */
    readonly draws: number,
  ) {
    super()
    this.node = Int32Array.from(trie.roots)
    this.parked = new Parked(threads)
    this.#words = memory.words
    this.queues = memory.length
    this.place = numbers(memory.length)
    this.spinning = new Spinning(trie, memory)
  }

  kindOf(thread: number): number {
    return this.trie.kind[this.node[thread] as number] as number
  }

  hasEnded(thread: number): boolean {
    return this.parked.status[thread] === Status.dead || this.kindOf(thread) >= Kind.done
  }

  /** Threads that may go on, a bit each. One that spins may not while nothing changes that it reads. */
  enabled(): number {
    let mask = 0
    for (let thread = 0; thread < this.threads; thread++) {
      if (this.canStep(thread) && !this.#spins(thread)) mask |= 1 << thread
    }
    return mask
  }

  canStep(thread: number): boolean {
    const status = this.parked.status[thread]
    const node = this.node[thread] as number
    const kind = this.trie.kind[node] as number
    if (status === Status.dead || kind >= Kind.done) return false
    if (status === Status.waiting) return this.trie.expected[node] === 1
    return kind !== Kind.awaitDeath || this.deaths > 0
  }

  /** Threads that may die now, a bit each. */
  mayDie(): number {
    let mask = 0
    if (this.deaths >= this.mostDeaths) return 0
    for (let thread = 0; thread < this.mortals; thread++) {
      if (!this.hasEnded(thread)) mask |= 1 << thread
    }
    return mask
  }

  /** Whether anybody waits on the cell, not yet notified. */
  isAwaited(cell: number): boolean {
    return this.parked.waiters.some((thread) => this.trie.cell[this.node[thread] as number] === cell)
  }

  /** In how many ways the thread's next operation may go. */
  variants(thread: number): number {
    return this.kindOf(thread) === Kind.random ? this.draws : 1
  }

  isSpinning(thread: number): boolean {
    return this.canStep(thread) && this.#spins(thread)
  }

  step(choice: number): void {
    const depth = this.depth++
    if (depth >= this.choice.length) this.grow()
    const thread = threadOf(choice)
    const node = this.node[thread] as number
    this.choice[depth] = choice
    this.stepNode[depth] = node
    this.cell[depth] = -1
    this.otherCell[depth] = -1
    this.access[depth] = Access.none
    if (isDeath(choice)) this.#die(depth, thread)
    else {
      const result = this.#perform(depth, thread, node, variantOf(choice))
      if (result !== STAYS || this.parked.status[thread] !== Status.waiting)
        this.node[thread] = this.trie.child(node, result)
    }
  }

  undo(): void {
    const depth = --this.depth
    const choice = this.choice[depth] as number
    const thread = threadOf(choice)
    this.node[thread] = this.stepNode[depth] as number
    if (this.access[depth] === Access.write) {
      const cell = this.cell[depth] as number
      if (cell < this.queues) this.#words[cell] = this.before[depth] as number
      const other = this.otherCell[depth] as number
      if (other >= 0 && other < this.queues) this.#words[other] = this.otherBefore[depth] as number
    }
    this.parked.restore(depth)
    if (isDeath(choice)) this.#undie()
  }

  rewind(): void {
    while (this.depth > 0) this.undo()
  }

  /** Does what the node says; gives the result, as the trie knows it. */
  #perform(depth: number, thread: number, node: number, variant: number): number {
    const { trie } = this
    const words = this.#words
    const cell = trie.cell[node] as number
    const value = trie.value[node] as number
    let result = 0
    switch (trie.kind[node]) {
      case Kind.load:
        result = words[cell] as number
        this.#read(depth, cell)
        break
      case Kind.store:
        this.#write(depth, cell, value)
        break
      case Kind.add:
        result = words[cell] as number
        this.#write(depth, cell, result + value)
        break
      case Kind.sub:
        result = words[cell] as number
        this.#write(depth, cell, result - value)
        break
      case Kind.exchange:
        result = words[cell] as number
        this.#write(depth, cell, value)
        break
      case Kind.compareExchange:
        result = words[cell] as number
        if (result === trie.expected[node]) this.#write(depth, cell, value)
        else this.#read(depth, cell)
        break
      case Kind.random:
        result = variant
        break
      case Kind.awaitDeath:
        result = this.lastDead
        break
      case Kind.call:
        this.access[depth] = Access.call
        break
      case Kind.return:
        this.access[depth] = Access.return
        break
      case Kind.wait:
        return this.#wait(depth, thread, node)
      case Kind.notify:
        result = this.#notify(depth, cell, value)
        break
      default:
        result = this.#performPair(depth, node)
    }
    this.result[depth] = result
    return result
  }

  #read(depth: number, cell: number): void {
    this.cell[depth] = cell
    this.access[depth] = Access.read
  }

  #write(depth: number, cell: number, value: number): void {
    this.cell[depth] = cell
    this.access[depth] = Access.write
    this.before[depth] = this.#words[cell] as number
    this.#words[cell] = value
    if (this.place[cell] === 0) this.place[cell] = this.written.push(cell)
  }

  #performPair(depth: number, node: number): number {
    const { trie, memory } = this
    const cell = trie.cell[node] as number
    const value = trie.value[node] as number
    const kind = trie.kind[node]
    const { bigs } = trie
    const result = bigs.numberOf(memory.pairs[cell >> 1] as bigint)
    const writes = kind !== Kind.load64 && (kind !== Kind.compareExchange64 || result === trie.expected[node])
    this.otherCell[depth] = cell + 1
    if (writes) {
      this.otherBefore[depth] = this.#words[cell + 1] as number
      const low = this.#words[cell] as number
      memory.pairs[cell >> 1] = kind === Kind.add64 ? bigs.at(result) + bigs.at(value) : bigs.at(value)
      this.#write(depth, cell, this.#words[cell] as number)
      this.before[depth] = low
      if (this.place[cell + 1] === 0) this.place[cell + 1] = this.written.push(cell + 1)
    } else {
      this.#read(depth, cell)
    }
    this.otherAccess[depth] = this.access[depth] as number
    return kind === Kind.store64 ? 0 : result
  }

  /**
   * Two steps: to be queued, if the cell holds the value; then to go on, once notified or when the time is up. Whom a notify woke
   * is out of the queue, so going on touches nothing any more.
   */
  #wait(depth: number, thread: number, node: number): number {
    const cell = this.trie.cell[node] as number
    const status = this.parked.status[thread]
    if (status === Status.running) {
      this.#read(depth, cell)
      if (this.#words[cell] !== this.trie.value[node]) {
        this.result[depth] = WAIT_NOT_EQUAL
        return WAIT_NOT_EQUAL
      }
      this.otherCell[depth] = this.queues + cell
      this.otherAccess[depth] = Access.write
      this.parked.wait(depth, thread)
      this.result[depth] = WAIT_OK
      return STAYS
    }
    const result = status === Status.notified ? WAIT_OK : WAIT_TIMED_OUT
    if (result === WAIT_TIMED_OUT) {
      this.cell[depth] = this.queues + cell
      this.access[depth] = Access.write
    }
    this.parked.leave(depth, thread, Status.running)
    this.result[depth] = result
    return result
  }

  #notify(depth: number, cell: number, count: number): number {
    this.cell[depth] = this.queues + cell
    this.access[depth] = Access.read
    const { trie } = this
    const here = this.parked.waiters.filter((thread) => trie.cell[this.node[thread] as number] === cell)
    const woken = here.slice(0, count)
    if (woken.length > 0) {
      this.access[depth] = Access.write
      this.parked.notify(depth, woken)
    }
    return woken.length
  }

  #die(depth: number, thread: number): void {
    this.parked.leave(depth, thread, Status.dead)
    this.deaths += 1
    this.lastDead = thread
    this.result[depth] = 0
  }

  #undie(): void {
    this.deaths -= 1
    this.lastDead = -1
    for (let depth = this.depth - 1; depth >= 0; depth--) {
      const choice = this.choice[depth] as number
      if (!isDeath(choice)) continue
      this.lastDead = threadOf(choice)
      return
    }
  }

  #spins(thread: number): boolean {
    const node = this.node[thread] as number
    const status = this.parked.status[thread]
    if ((this.trie.length[node] as number) < 2 || status === Status.notified) return false
    return this.spinning.spins(node, status === Status.waiting)
  }
}
