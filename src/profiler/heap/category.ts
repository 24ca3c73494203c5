import { type HeapGraph, type HeapNodes, ofEdge, ofNode } from '../snapshot/heap-graph.js'

/** What memory is spent on, as a person who looks for a leak thinks of it. */
export const categories = [
  'objects',
  'strings',
  'arrays',
  'closures',
  'timers',
  'listeners',
  'promises',
  'external',
  'shared',
  'code',
] as const

export type Category = (typeof categories)[number]

const byType: Readonly<Record<number, Category>> = {
  [ofNode.hidden]: 'code',
  [ofNode.array]: 'arrays',
  [ofNode.string]: 'strings',
  [ofNode['concatenated string']]: 'strings',
  [ofNode['sliced string']]: 'strings',
  [ofNode.code]: 'code',
  [ofNode.closure]: 'closures',
  [ofNode.regexp]: 'code',
  [ofNode.synthetic]: 'code',
  [ofNode.native]: 'external',
  [ofNode['object shape']]: 'code',
  [ofNode['wasm object']]: 'external',
}

/** By the names that Node and V8 give; V8's own parts of an object count with what they are parts of. */
const byName: Readonly<Record<string, Category>> = {
  Array: 'arrays',
  Timeout: 'timers',
  Immediate: 'timers',
  TimersList: 'timers',
  EventEmitter: 'listeners',
  Listener: 'listeners',
  Promise: 'promises',
  'system / PromiseReaction': 'promises',
  'system / Context': 'closures',
  'system / PropertyArray': 'objects',
  ArrayBuffer: 'external',
  SharedArrayBuffer: 'shared',
}

/**
 * The category by class alone. It can't tell listeners that are bare functions, nor the bytes of shared memory: of
 * these, who holds them must be asked.
 */
export function categoryOfClass({ nodeType, nodeName, strings }: HeapNodes, node: number): Category {
  const type = nodeType[node] as number
  const isNamed = type === ofNode.object || type === ofNode.hidden
  const named = isNamed ? byName[strings.at(nodeName[node] as number)] : undefined
  return named ?? byType[type] ?? 'objects'
}

/**
 * Categories of all nodes. A function under an emitter's `_events` is a listener, and the bytes behind a
 * SharedArrayBuffer are shared: one look along the edges of those that can hold them.
 */
export function categoriesOf(graph: HeapGraph): (node: number) => Category {
  const held = new Map<number, Category>()
  const { strings, firstEdge, edgeType, edgeName, edgeTo, nodeType, nodeName } = graph
  const eventsName = strings.indexOf('_events')
  const sharedName = strings.indexOf('SharedArrayBuffer')
  for (let node = 0; node < graph.nodeCount; node++) {
    const last = firstEdge[node + 1] as number
    if (nodeType[node] !== ofNode.object) continue
    for (let edge = firstEdge[node] as number; edge < last; edge++) {
      const to = edgeTo[edge] as number
      if (edgeType[edge] === ofEdge.property && edgeName[edge] === eventsName) markListeners(to, 2)
      if (nodeName[node] === sharedName && nodeType[to] === ofNode.native) held.set(to, 'shared')
    }
  }
  return (node) => held.get(node) ?? categoryOfClass(graph, node)

  /** An event has one function, or an array of them. */
  function markListeners(holder: number, levels: number): void {
    for (let edge = firstEdge[holder] as number; edge < (firstEdge[holder + 1] as number); edge++) {
      if (edgeType[edge] !== ofEdge.property && edgeType[edge] !== ofEdge.element) continue
      const to = edgeTo[edge] as number
      if (nodeType[to] === ofNode.closure) held.set(to, 'listeners')
      else if (levels > 1 && nodeType[to] === ofNode.object) markListeners(to, levels - 1)
    }
  }
}
