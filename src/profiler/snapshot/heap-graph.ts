import type { SnapshotStrings } from './snapshot-strings.js'

/**
 * A heap snapshot in columns: what V8 wrote, one number a field, and no object for any of its millions of nodes. A node
 * is its place in the columns, 0 is the root; an edge likewise, and the edges of a node lie side by side.
 */
export interface HeapNodes {
  readonly nodeCount: number
  /** A code of `nodeTypes`, whichever order the file had. */
  readonly nodeType: Uint8Array
  /** Index of a string: a class, a function's name, the beginning of a string. */
  readonly nodeName: Int32Array
  /**
   * V8's id of the object, the same in all snapshots of one thread and never given to another object while it lives.
   * It is a 32-bit number without a sign: `>>> 0` before it is shown.
   */
  readonly nodeId: Int32Array
  /** Bytes, without what it refers to. */
  readonly selfSize: Float64Array
  readonly strings: SnapshotStrings
}

export interface HeapGraph extends HeapNodes {
  readonly edgeCount: number
  /** Node `n` has the edges from `firstEdge[n]` up to, not including, `firstEdge[n + 1]`. */
  readonly firstEdge: Int32Array
  /** A code of `edgeTypes`. */
  readonly edgeType: Uint8Array
  /** Index of a string; of element and hidden edges a number itself. */
  readonly edgeName: Int32Array
  /** The node that it leads to. */
  readonly edgeTo: Int32Array
  /** Of functions, and of objects the line of their class, counted from 1; 0 where V8 doesn't tell it. */
  readonly line: Int32Array
}

/** V8's names of what a node is. The code of one is its place here; a type that is not here counts as `hidden`. */
export const nodeTypes = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
  'wasm object',
] as const

/** V8's names of what an edge is. The code of one is its place here; a type that is not here counts as `hidden`. */
export const edgeTypes = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'] as const

export type NodeType = (typeof nodeTypes)[number]
export type EdgeType = (typeof edgeTypes)[number]

export const ofNode = codes(nodeTypes)
export const ofEdge = codes(edgeTypes)

export const ROOT = 0

/** Whether the name of an edge is a number and no string: of an element, and of V8's own numbered fields. */
export function isNumbered(edgeType: number): boolean {
  return edgeType === ofEdge.element || edgeType === ofEdge.hidden
}

function codes<const Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>
}
