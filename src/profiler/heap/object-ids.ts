import type { HeapNodes } from '../snapshot/heap-graph.js'

/** The ids of a snapshot's objects, 4 bytes each: a `Set` of millions of numbers would take ten times that. */
export class ObjectIds {
  readonly #sorted: Int32Array

  constructor({ nodeId }: Pick<HeapNodes, 'nodeId'>) {
    this.#sorted = nodeId.slice().sort()
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
}
