import { bytes, numbers } from '../../memory/columns.js'
import { type HeapGraph, ofEdge, ofNode, ROOT } from '../snapshot/heap-graph.js'
import { holds } from './dominators.js'

export interface Retainers {
  /** The edge by which a node is held on its shortest way from the root; -1 of the root, and of what it doesn't lead to. */
  readonly edge: Int32Array
  /** The node that this edge leaves. */
  readonly parent: Int32Array
  /** What the root leads to, each after its parent. */
  readonly order: Int32Array
}

/** What a step costs. Fields that a person has written come first; V8's own only where there is no other way. */
const FIELD = 1
const INTERNAL = 4
const UNNAMED = 5
/** A WeakMap's table refers to its values too, but what keeps one alive is its key. */
const WEAK_MAP_TABLE = 50
/** Globals come before handles of C++ and the like, which hold nearly all as well, but say nothing. */
const ROOTS = 60
/** What a function that runs just now holds is held only until it returns, and mostly by something else as well. */
const STACK = 40
const COST_MAX = ROOTS

/**
 * The shortest way from the root to each node, by Dijkstra's algorithm with a bucket for each distance (Dial 1969): the
 * distances are small numbers.
 */
export function retainersOf(graph: HeapGraph): Retainers {
  const { nodeCount, firstEdge, edgeTo } = graph
  const cost = edgeCosts(graph)
  const distance = numbers(nodeCount).fill(2 ** 31 - 1)
  const edgeOf = numbers(nodeCount).fill(-1)
  const parent = numbers(nodeCount).fill(-1)
  const order = numbers(nodeCount)
  const settled = bytes(nodeCount)
  const buckets: number[][] = Array.from({ length: COST_MAX + 1 }, () => [])
  let count = 0
  let waiting = 1
  distance[ROOT] = 0
  buckets[0]?.push(ROOT)
  for (let reached = 0; waiting > 0; reached++) {
    const bucket = buckets[reached % buckets.length] as number[]
    // It may grow no more while it is emptied: each step costs something, and less than a whole round.
    waiting -= bucket.length
    for (const node of bucket) {
      if (settled[node] === 1) continue
      settled[node] = 1
      order[count++] = node
      const last = firstEdge[node + 1] as number
      for (let edge = firstEdge[node] as number; edge < last; edge++) {
        const step = cost(edge, node)
        const to = edgeTo[edge] as number
        if (step === 0 || reached + step >= (distance[to] as number)) continue
        distance[to] = reached + step
        edgeOf[to] = edge
        parent[to] = node
        buckets[(reached + step) % buckets.length]?.push(to)
        waiting++
      }
    }
    bucket.length = 0
  }
  return { edge: edgeOf, parent, order: order.slice(0, count) }
}

/** Of an edge that leaves a node; 0 if it holds nothing. */
function edgeCosts({ edgeType, edgeName, edgeTo, nodeType, nodeName, strings }: HeapGraph) {
  const isOfWeakMap = bytes(strings.count)
  for (const index of strings.indicesWith('part of key')) isOfWeakMap[index] = 1
  const places = (texts: readonly string[]) => new Set(texts.map((text) => strings.indexOf(text)))
  const roundabout = places(['__proto__', 'constructor', 'prototype', '<symbol>'])
  const ofStack = places(['(Stack roots)', '(Handle scope)'])
  return (edge: number, from: number): number => {
    const type = edgeType[edge] as number
    if (!holds(type, from)) return 0
    if (type === ofEdge.property) return roundabout.has(edgeName[edge] as number) ? UNNAMED : FIELD
    if (type === ofEdge.context) return FIELD
    if (from === ROOT) return type === ofEdge.shortcut ? FIELD : ROOTS
    if (nodeType[from] === ofNode.synthetic) {
      return ofStack.has(nodeName[edgeTo[edge] as number] as number) ? STACK : UNNAMED
    }
    if (type === ofEdge.element) return FIELD
    if (type !== ofEdge.internal) return UNNAMED
    const ofTable = nodeType[from] === ofNode.array && isOfWeakMap[edgeName[edge] as number] === 1
    return ofTable ? WEAK_MAP_TABLE : INTERNAL
  }
}
