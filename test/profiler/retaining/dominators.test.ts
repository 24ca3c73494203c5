import { expect } from 'chai'
import fc from 'fast-check'
import { dominatorsOf } from '../../../src/profiler/retaining/dominators.js'
import { retainedByGroup } from '../../../src/profiler/retaining/retained.js'
import type { HeapGraph } from '../../../src/profiler/snapshot/heap-graph.js'
import { readHeapSnapshot } from '../../../src/profiler/snapshot/read-snapshot.js'
import { snapshotsOfLeaks } from '../heap/snapshots-of-leaks.js'
import { readByMemlab } from '../memlab-oracle.js'
import { graphOf, type SmallHeap } from '../small-heap.js'

/** Nodes of weights 1, 2, 4 … so that a sum says which they are. */
function heapOf(count: number, edges: readonly (readonly [number, string, number])[]): SmallHeap {
  return {
    nodes: Array.from({ length: count }, (_, node) => ['object', `Class${node}`, 2 ** node] as const),
    edges: edges.map(([from, type, to]) => [from, type, 'field', to] as const),
  }
}

function strong(count: number, edges: readonly (readonly [number, number])[]): Promise<HeapGraph> {
  return graphOf(
    heapOf(
      count,
      edges.map(([from, to]) => [from, 'property', to]),
    ),
  )
}

/** What can be reached from the root without going through `without`. */
function reached({ edgeTo, firstEdge }: HeapGraph, without?: number): Set<number> {
  const seen = new Set<number>()
  const pending = without === 0 ? [] : [0]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++) {
      const to = edgeTo[edge] as number
      if (to !== without) pending.push(to)
    }
  }
  return seen
}

describe('retained sizes', () => {
  it('are those that memlab computes, of every object of a thread', async function () {
    this.timeout(120_000)
    const { before } = await snapshotsOfLeaks()
    const graph = await readHeapSnapshot(before)
    const oracle = await readByMemlab(before)
    const { order, retainedSize } = dominatorsOf(graph)
    expect(order.length).to.be.above(0.99 * graph.nodeCount)
    const different = order.filter((node) => retainedSize[node] !== oracle[node]?.retainedSize)
    expect([...different].map((node) => [oracle[node], retainedSize[node]])).to.deep.equal([])
  })

  it('are what the root no longer leads to without the node, in any graph', async () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9))
    await fc.assert(
      fc.asyncProperty(fc.array(edge, { maxLength: 30 }), async (edges) => {
        const graph = await strong(10, edges)
        const { order, retainedSize } = dominatorsOf(graph)
        const all = reached(graph)
        expect(new Set(order)).to.deep.equal(all)
        for (const node of order) {
          const others = reached(graph, node)
          const lost = [...all].filter((other) => !others.has(other))
          expect(retainedSize[node]).to.equal(lost.reduce((sum, other) => sum + 2 ** other, 0))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('go by what holds: no weak reference, and shortcuts of the root alone', async () => {
    const graph = await graphOf(
      heapOf(4, [
        [0, 'shortcut', 1],
        [1, 'property', 2],
        [0, 'weak', 2],
        [3, 'shortcut', 2],
        [0, 'property', 3],
      ]),
    )
    expect([...dominatorsOf(graph).retainedSize]).to.deep.equal([15, 6, 4, 8])
  })

  it('of what nothing leads to are its own, and go to nobody', async () => {
    const graph = await strong(3, [
      [0, 1],
      [2, 1],
    ])
    const { retainedSize, order } = dominatorsOf(graph)
    expect([...order]).to.deep.equal([0, 1])
    expect([...retainedSize]).to.deep.equal([3, 2, 4])
  })

  it('of a chain of 300,000 objects need no deep stack', async () => {
    const length = 300_000
    const graph = await graphOf({ nodes: [['synthetic', '', 0]], edges: [] })
    const chain = chainOf(graph, length)
    const { retainedSize, order, ...rest } = dominatorsOf(chain)
    expect(retainedSize[0]).to.equal(length)
    expect(retainedSize[length - 1]).to.equal(1)
    const [all] = retainedByGroup({ retainedSize, order, ...rest }, new Int32Array(300_000), 1)
    expect(all).to.equal(length)
  })

  it('of a group count what one of it holds for another once', async () => {
    const graph = await strong(6, [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 4],
      [3, 5],
    ])
    const groups = Int32Array.of(-1, 0, 1, 0, 1, -1)
    expect([...retainedByGroup(dominatorsOf(graph), groups, 2)]).to.deep.equal([2 + 4 + 8 + 32, 4 + 8 + 32 + 16])
  })
})

/** Each node holds the next; every one is of a byte. */
function chainOf(graph: HeapGraph, length: number): HeapGraph {
  const places = Array.from({ length }, (_, node) => node)
  return {
    ...graph,
    nodeCount: length,
    edgeCount: length - 1,
    nodeType: new Uint8Array(300_000).fill(3),
    nodeName: new Int32Array(300_000),
    nodeId: Int32Array.from(places),
    selfSize: new Float64Array(300_000).fill(1),
    firstEdge: Int32Array.from([...places, length - 1]),
    edgeType: new Uint8Array(300_000).fill(2),
    edgeName: new Int32Array(300_000),
    edgeTo: Int32Array.from(places, (node) => node + 1),
  }
}
