import { className } from '../snapshot/class-name.js'
import { type HeapNodes, ofNode } from '../snapshot/heap-graph.js'

/** Objects that are looked up again to see whether two snapshots are of one thread. */
const SAMPLE_MAX = 2000
/** Of those of them that are still there, so many must be of the same class as before. */
const SAME_CLASS_MIN = 0.9

/** The ids of a snapshot's objects, 4 bytes each: a `Set` of millions of numbers would take ten times that. */
export class ObjectIds {
  readonly #sorted: Int32Array
  /** Class by id. */
  readonly #sample = new Map<number, string>()
  /** V8 counts on from object to object. */
  readonly #last: number

  constructor(nodes: HeapNodes) {
    const { nodeId, nodeCount } = nodes
    this.#sorted = nodeId.slice().sort()
    this.#last = lastId(nodes)
    const step = Math.max(1, Math.floor(nodeCount / SAMPLE_MAX))
    for (let node = 0; node < nodeCount; node += step) {
      if (isObject(nodes, node)) this.#sample.set(nodeId[node] as number, className(nodes, node))
    }
  }

  has(id: number): boolean {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] as number) < id) low = middle + 1
      else high = middle
    }
    return this.#sorted[low] === id
  }

  /** Why these can't be of the same thread as a later snapshot, if they can't: each thread counts its objects for itself. */
  differenceTo(later: HeapNodes): string | undefined {
    if (lastId(later) < this.#last) return 'it is older than the one before it'
    let found = 0
    let same = 0
    for (const [node, id] of later.nodeId.entries()) {
      const name = this.#sample.get(id)
      if (name === undefined || !isObject(later, node)) continue
      found++
      if (name === className(later, node)) same++
    }
    return same < found * SAME_CLASS_MIN ? 'its objects are not those of the one before it' : undefined
  }
}

/** What C++ tells of itself has ids of another kind, and V8's own structures change theirs. */
function isObject({ nodeType }: HeapNodes, node: number): boolean {
  return nodeType[node] === ofNode.object || nodeType[node] === ofNode.closure
}

function lastId(nodes: HeapNodes): number {
  let last = 0
  for (const [node, id] of nodes.nodeId.entries()) if (id > last && isObject(nodes, node)) last = id
  return last
}
