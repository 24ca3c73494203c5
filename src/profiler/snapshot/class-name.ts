import { type HeapNodes, nodeTypes, ofNode } from './heap-graph.js'

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
