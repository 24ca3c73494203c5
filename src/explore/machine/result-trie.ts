import { bytes, numbers, wider, widerBytes } from '../../memory/columns.js'
import type { Interned } from './interned.js'
import { Kind, type Operation } from './operation.js'
import type { Runner } from './runner.js'

const NONE = -1

/**
 * What each thread does, as a tree: a node is the thread's next operation, an edge a result of it, the child what it does then.
 *
 * Map. Nodes are numbers; their fields are columns. A node's edges are a linked list, the latest first.
 *
 * Protocol. `child` looks for the edge; only if it is not there is the thread's body run anew, on the results that lead from the
 * root to the node, and the operation at which it stops is the child.
 *
 * Why safe. Threads share nothing but cells, so a thread's next operation is a function of what its earlier ones returned.
 * Each run checks every operation of its prefix against the tree, so a body for which this is not true is found out.
 *
 * Breaks if a body keeps something between runs, or looks at a clock or a random number that is not the explorer's.
 */
export class ResultTrie<Local = unknown> {
  kind = bytes(1024)
  cell = numbers(1024)
  value = numbers(1024)
  expected = numbers(1024)
  /** How many operations lead to the node. */
  length = numbers(1024)
  readonly roots: number[] = []
  nodes = 0
  /** Whether a body is being run for its next operation: still true after one that did not come back, or that differed. */
  isExtending = false
  readonly #details = new Map<number, unknown>()
  #thread = bytes(1024)
  #parent = numbers(1024)
  #firstEdge = numbers(1024)
  #edges = 0
  #edgeResult = numbers(1024)
  #edgeChild = numbers(1024)
  #nextEdge = numbers(1024)

  constructor(
    private readonly runner: Runner<Local>,
    threads: number,
    readonly bigs: Interned<bigint>,
  ) {
    for (let thread = 0; thread < threads; thread++) {
      this.roots.push(
        this.#addNode(
          thread,
          NONE,
          runner.next(thread, [], () => this.#unreached()),
        ),
      )
    }
  }

  /** What the thread does next, if its operation at `node` returned `result`. */
  child(node: number, result: number): number {
    for (let edge = this.#firstEdge[node] as number; edge !== NONE; edge = this.#nextEdge[edge] as number) {
      if (this.#edgeResult[edge] === result) return this.#edgeChild[edge] as number
    }
    return this.#extend(node, result)
  }

  detail(node: number): unknown {
    return this.#details.get(node)
  }

  operation(node: number): Operation {
    return {
      kind: this.kind[node] as number,
      cell: this.cell[node] as number,
      value: this.value[node] as number,
      expected: this.expected[node] as number,
      detail: this.detail(node),
    }
  }

  threadOf(node: number): number {
    return this.#thread[node] as number
  }

  /** −1 for a root. */
  parent(node: number): number {
    return this.#parent[node] as number
  }

  /** The result of its parent's operation that leads to the node. */
  resultBefore(node: number): number {
    const parent = this.parent(node)
    for (let edge = this.#firstEdge[parent] as number; edge !== NONE; edge = this.#nextEdge[edge] as number) {
      if (this.#edgeChild[edge] === node) return this.#edgeResult[edge] as number
    }
    throw new Error(`node ${node} has no way to it`)
  }

  isEnd(node: number): boolean {
    return (this.kind[node] as number) >= Kind.done
  }

  /** The nodes from the root to this one. */
  path(node: number): number[] {
    const path = [node]
    for (let at = this.parent(node); at !== NONE; at = this.parent(at)) path.push(at)
    return path.reverse()
  }

  #extend(node: number, result: number): number {
    const thread = this.threadOf(node)
    const path = this.path(node)
    const prefix = path.slice(1).map((step) => this.resultBefore(step))
    prefix.push(result)
    this.isExtending = true
    const next = this.runner.next(thread, prefix, (position) => this.operation(path[position] as number))
    this.isExtending = false
    const child = this.#addNode(thread, node, next)
    const edge = this.#edges++
    if (edge >= this.#edgeResult.length) this.#growEdges()
    this.#edgeResult[edge] = result
    this.#edgeChild[edge] = child
    this.#nextEdge[edge] = this.#firstEdge[node] as number
    this.#firstEdge[node] = edge
    return child
  }

  #addNode(thread: number, parent: number, { kind, cell, value, expected, detail }: Operation): number {
    const node = this.nodes++
    if (node >= this.kind.length) this.#growNodes()
    this.kind[node] = kind
    this.cell[node] = cell
    this.value[node] = value
    this.expected[node] = expected
    this.length[node] = parent === NONE ? 0 : (this.length[parent] as number) + 1
    this.#thread[node] = thread
    this.#parent[node] = parent
    this.#firstEdge[node] = NONE
    if (detail !== undefined) this.#details.set(node, detail)
    return node
  }

  #growNodes(): void {
    this.kind = widerBytes(this.kind)
    this.#thread = widerBytes(this.#thread)
    this.cell = wider(this.cell)
    this.value = wider(this.value)
    this.expected = wider(this.expected)
    this.length = wider(this.length)
    this.#parent = wider(this.#parent)
    this.#firstEdge = wider(this.#firstEdge)
  }

  #growEdges(): void {
    this.#edgeResult = wider(this.#edgeResult)
    this.#edgeChild = wider(this.#edgeChild)
    this.#nextEdge = wider(this.#nextEdge)
  }

  #unreached(): never {
    throw new Error('an empty prefix has no operations')
  }
}
