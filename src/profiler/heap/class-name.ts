import { type HeapGraph, type HeapNodes, nodeTypes, ofEdge, ofNode } from '../snapshot/heap-graph.js'

/**
 * What an object is called in Chrome's heap view: its class; else what kind of thing it is, in parentheses. All strings
 * are one class so, all closures another.
 */
export function className(nodes: HeapNodes, node: number): string {
  return nameOfClass(nodes, classKey(nodes, node))
}

/** A number that two nodes of a snapshot share just if they are of one class: a string's index, or less than 0. */
export function classKey({ nodeType, nodeName }: HeapNodes, node: number): number {
  const type = nodeType[node] as number
  return type === ofNode.object || type === ofNode.native ? (nodeName[node] as number) : -1 - type
}

export function nameOfClass({ strings }: HeapNodes, key: number): string {
  if (key >= 0) return strings.at(key) || '(no name)'
  return namesOfTypes[nodeTypes[-1 - key] as string] ?? `(${nodeTypes[-1 - key]})`
}

const namesOfTypes: Readonly<Record<string, string>> = {
  closure: 'Function',
  code: '(compiled code)',
  hidden: '(system)',
  regexp: 'RegExp',
}

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

const byClass: Readonly<Record<string, Category>> = {
  Array: 'arrays',
  Timeout: 'timers',
  Immediate: 'timers',
  TimersList: 'timers',
  ImmediateList: 'timers',
  EventEmitter: 'listeners',
  Listener: 'listeners',
  Promise: 'promises',
  ArrayBuffer: 'external',
  SharedArrayBuffer: 'shared',
}

/** The category by class alone: of listeners that are bare functions, and of shared memory's bytes, who holds them must be asked. */
export function categoryOfClass(nodes: HeapNodes, node: number): Category {
  const type = nodes.nodeType[node] as number
  if (type === ofNode.object) return byClass[nodes.strings.at(nodes.nodeName[node] as number)] ?? 'objects'
  return byType[type] ?? 'objects'
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
