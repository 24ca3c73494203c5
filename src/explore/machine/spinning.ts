import { numbers, wider } from '../../memory/columns.js'
import type { PrivateCells } from '../../memory/private-cells.js'
import { Kind, WAIT_NOT_EQUAL, WAIT_OK, WAIT_TIMED_OUT } from './operation.js'
import type { ResultTrie } from './result-trie.js'

/** No loop is longer than so many operations, or it is not seen as one. */
const LONGEST_LOOP = 16
/** So often a loop is gone through, on the same results, before it is taken to go on for ever. */
const ROUNDS = 64

/** Operations that may change their cell, and may not. */
const changing = new Set<number>([Kind.compareExchange, Kind.exchange, Kind.add, Kind.sub])

/** What a thread that spins waits for: that one of these operations gives something else. */
export interface Loop {
  readonly nodes: readonly number[]
  readonly results: readonly number[]
  /** Whether one of them is a `wait` that times out. */
  readonly waits: boolean
}

/**
 * Finds threads that spin: that go through the same operations over and over, get the same results, and change nothing.
 *
 * Why this is exact. A thread's next operation is a function of its results, so what it would do while nothing changes can be
 * asked of its body: the loop is followed `ROUNDS` times further on the same results. One that counts its tries and gives up
 * leaves the loop there, and is left alone. One that does not leave learns nothing until a cell that it reads
 * changes, so until then it need not run.
 *
 * Limits. A loop that gives up after more than `ROUNDS` tries is taken for one that never does.
 */
export class Spinning {
  /** 0: not looked at; 1: none; else the loop's number + 2. */
  #verdicts = numbers(1024)
  readonly #loops: Loop[] = []

  constructor(
    private readonly trie: ResultTrie,
    private readonly memory: PrivateCells,
  ) {}

  /** How many loops were found. */
  get found(): number {
    return this.#loops.length
  }

  /** Whether a thread that has come to `node` would go through its loop for ever, as things are. */
  spins(node: number, isWaiting: boolean): boolean {
    const loop = this.#loopAt(node)
    // One that waits in its loop goes on as far as to wait there, for then it can be notified.
    if (!loop || loop.waits !== isWaiting) return false
    return loop.nodes.every((at, step) => this.#stillGives(at, loop.results[step] as number))
  }

  /** Whether a node's operation, which changes nothing, would give the same again. */
  #stillGives(node: number, result: number): boolean {
    const { trie, memory } = this
    const cell = trie.cell[node] as number
    const kind = trie.kind[node]
    if (kind === Kind.wait) return (memory.words[cell] === trie.value[node]) === (result !== WAIT_NOT_EQUAL)
    if (kind === Kind.load64) return trie.bigs.numberOf(memory.pairs[cell >> 1] as bigint) === result
    return memory.words[cell] === result
  }

  /** The loop in which a thread that has come to `node` may spin. */
  #loopAt(node: number): Loop | undefined {
    if (node >= this.#verdicts.length) this.#grow(node)
    let verdict = this.#verdicts[node] as number
    if (verdict === 0) {
      const loop = this.#find(node)
      verdict = loop ? this.#loops.push(loop) + 1 : 1
      this.#verdicts[node] = verdict
    }
    return verdict === 1 ? undefined : this.#loops[verdict - 2]
  }

  #find(node: number): Loop | undefined {
    const { trie } = this
    if (!this.#mayReadOnly(node)) return undefined
    // The operations before this one, the latest first, as far as they only read.
    const nodes: number[] = []
    const results: number[] = []
    for (let at = node; nodes.length < 2 * LONGEST_LOOP; ) {
      const parent = trie.parent(at)
      if (parent < 0) break
      const result = trie.resultBefore(at)
      if (!this.#mayReadOnly(parent) || this.#wrote(parent, result)) break
      nodes.push(parent)
      results.push(result)
      at = parent
    }
    for (let length = 1; length * 2 <= nodes.length; length++) {
      if (!this.#same(node, nodes[length - 1] as number)) continue
      if (this.#repeats(nodes, results, length) && this.#goesOn(node, nodes, results, length)) {
        const loop = nodes.slice(0, length)
        const waits = loop.some((at, step) => trie.kind[at] === Kind.wait && results[step] === WAIT_TIMED_OUT)
        return { nodes: loop, results: results.slice(0, length), waits }
      }
    }
    return undefined
  }

  #repeats(nodes: readonly number[], results: readonly number[], length: number): boolean {
    for (let at = 0; at < length; at++) {
      if (results[at] !== results[at + length]) return false
      if (!this.#same(nodes[at] as number, nodes[at + length] as number)) return false
    }
    return true
  }

  /** Whether the thread stays in the loop as long as it gets the same results. */
  #goesOn(node: number, nodes: readonly number[], results: readonly number[], length: number): boolean {
    const { trie } = this
    let at = node
    for (let round = 0; round < ROUNDS; round++) {
      for (let step = length - 1; step >= 0; step--) {
        if (!this.#same(at, nodes[step] as number)) return false
        at = trie.child(at, results[step] as number)
      }
    }
    return true
  }

  #same(node: number, other: number): boolean {
    const { kind, cell, value, expected } = this.trie
    return (
      kind[node] === kind[other] &&
      cell[node] === cell[other] &&
      value[node] === value[other] &&
      expected[node] === expected[other]
    )
  }

  #mayReadOnly(node: number): boolean {
    const kind = this.trie.kind[node]
    return kind === Kind.load || kind === Kind.load64 || kind === Kind.wait || changing.has(kind as number)
  }

  /** Whether the operation changed something, or was told something. */
  #wrote(node: number, result: number): boolean {
    const { kind, value, expected } = this.trie
    switch (kind[node]) {
      case Kind.exchange:
        return value[node] !== result
      case Kind.compareExchange:
        return expected[node] === result && value[node] !== result
      case Kind.add:
      case Kind.sub:
        return value[node] !== 0
      case Kind.wait:
        // Who was notified has learned something.
        return result === WAIT_OK
      default:
        return false
    }
  }

  #grow(node: number): void {
    this.#verdicts = wider(this.#verdicts, Math.max(this.#verdicts.length * 2, node + 1))
  }
}
