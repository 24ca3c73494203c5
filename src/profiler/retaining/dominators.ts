import { doubles, numbers } from '../../memory/columns.js'
import { type HeapGraph, ofEdge, ROOT } from '../snapshot/heap-graph.js'

export interface Dominators {
  /** The last node that every way from the root to this one leads through; of the root itself, and of what no way leads to, the root. */
  readonly dominator: Int32Array
  /** Bytes that would go if this one did: its own, and those of all that it dominates. */
  readonly retainedSize: Float64Array
  /** What the root leads to, in an order in which each comes after its dominator. */
  readonly order: Int32Array
}

/**
 * Immediate dominators by Semi-NCA (Georgiadis, "Linear-time algorithms for dominators and related problems", 2005;
 * semidominators as in Lengauer & Tarjan 1979), on which edges count as DevTools and memlab have it: none that is weak, and
 * shortcuts from the root alone.
 */
export function dominatorsOf(graph: HeapGraph): Dominators {
  const { nodeCount } = graph
  const { order, place, parent } = depthFirst(graph)
  const count = order.length
  const idom = nearestCommonAncestors(parent, semidominators(graph, { order, place, parent }))
  const dominator = numbers(nodeCount)
  const retainedSize = doubles(nodeCount)
  retainedSize.set(graph.selfSize)
  for (let at = count - 1; at > 0; at--) {
    const node = order[at] as number
    const above = order[idom[at] as number] as number
    dominator[node] = above
    retainedSize[above] = (retainedSize[above] as number) + (retainedSize[node] as number)
  }
  return { dominator, retainedSize, order }
}

/** Weak edges hold nothing; a shortcut is a second name of what is held elsewhere, but for the root's, which are the globals. */
export function holds(edgeType: number, from: number): boolean {
  return edgeType !== ofEdge.weak && (edgeType !== ofEdge.shortcut || from === ROOT)
}

interface DepthFirst {
  /** Nodes in the order of the first visit; places in it are what the rest of the algorithm counts in. */
  readonly order: Int32Array
  /** Place of a node in `order`, -1 if the root doesn't lead to it. */
  readonly place: Int32Array
  /** Place of the node that a place was visited from. */
  readonly parent: Int32Array
}

function depthFirst({ nodeCount, firstEdge, edgeType, edgeTo }: HeapGraph): DepthFirst {
  const order = numbers(nodeCount)
  const place = numbers(nodeCount).fill(-1)
  const parent = numbers(nodeCount)
  const nextEdge = firstEdge.slice()
  let count = 1
  place[ROOT] = 0
  // The way back needs no stack: it is the row of parents.
  for (let at = 0; at >= 0; ) {
    const node = order[at] as number
    const last = firstEdge[node + 1] as number
    let edge = nextEdge[node] as number
    let to = -1
    for (; edge < last && to < 0; edge++) {
      const target = edgeTo[edge] as number
      if ((place[target] as number) < 0 && holds(edgeType[edge] as number, node)) to = target
    }
    nextEdge[node] = edge
    if (to >= 0) {
      place[to] = count
      order[count] = to
      parent[count] = at
      at = count++
    } else at = at === 0 ? -1 : (parent[at] as number)
  }
  return { order: order.slice(0, count), place, parent: parent.slice(0, count) }
}

/** By place, as a place. */
function semidominators(graph: HeapGraph, { order, place, parent }: DepthFirst): Int32Array {
  const { first, from } = predecessors(graph, order, place)
  const count = order.length
  const semi = numbers(count)
  const label = numbers(count)
  const ancestor = numbers(count)
  const path = numbers(count)
  for (let at = 0; at < count; at++) {
    semi[at] = at
    label[at] = at
    ancestor[at] = parent[at] as number
  }
  for (let at = count - 1; at > 0; at--) {
    let least = at
    for (let edge = first[at] as number; edge < (first[at + 1] as number); edge++) {
      const candidate = from[edge] as number
      const value = candidate <= at ? candidate : (semi[evaluate(candidate, at)] as number)
      if (value < least) least = value
    }
    semi[at] = least
  }
  return semi

  /** Of the ancestors of a place that are after `limit`, the one with the least semidominator; ways are made short behind it. */
  function evaluate(place: number, limit: number): number {
    let length = 0
    let at = place
    while ((ancestor[at] as number) > limit) {
      path[length++] = at
      at = ancestor[at] as number
    }
    while (length > 0) {
      const below = path[--length] as number
      const above = ancestor[below] as number
      if ((semi[label[above] as number] as number) < (semi[label[below] as number] as number)) {
        label[below] = label[above] as number
      }
      ancestor[below] = ancestor[above] as number
    }
    return label[place] as number
  }
}

function predecessors({ firstEdge, edgeType, edgeTo }: HeapGraph, order: Int32Array, place: Int32Array) {
  const count = order.length
  const first = numbers(count + 1)
  each((to) => {
    first[to + 1] = (first[to + 1] as number) + 1
  })
  for (let at = 0; at < count; at++) first[at + 1] = (first[at + 1] as number) + (first[at] as number)
  const from = numbers(first[count] as number)
  const next = first.slice()
  each((to, at) => {
    const free = next[to] as number
    next[to] = free + 1
    from[free] = at
  })
  return { first, from }

  function each(visit: (to: number, from: number) => void): void {
    for (let at = 0; at < count; at++) {
      const node = order[at] as number
      const last = firstEdge[node + 1] as number
      for (let edge = firstEdge[node] as number; edge < last; edge++) {
        if (holds(edgeType[edge] as number, node)) visit(place[edgeTo[edge] as number] as number, at)
      }
    }
  }
}

function nearestCommonAncestors(parent: Int32Array, semi: Int32Array): Int32Array {
  const idom = parent
  for (let at = 1; at < idom.length; at++) {
    let above = idom[at] as number
    while (above > (semi[at] as number)) above = idom[above] as number
    idom[at] = above
  }
  return idom
}
