import { doubles, numbers } from '../../memory/columns.js'
import type { Totals } from '../heap/growth.js'
import { className } from '../snapshot/class-name.js'
import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import type { Retainers } from './retainers.js'

/** Objects with more named fields than this are taken for dictionaries: the name says which entry, not which field. */
const FIELDS_MAX = 32
/** Steps that may come again and again: of a linked list, of a chain of closures and their contexts. */
const PERIOD_MAX = 4
/** Kinds of paths that are told apart; further ones count for the path that they branch off from. */
const KINDS_MAX = 2 ** 20
const ANY = '[…]'

/** Of a kind of path; nothing of those that were not known yet. */
export type PathTotals = (kind: number) => Totals

/**
 * Kinds of retainer paths: what is left of a path when it doesn't matter which entry of a list or a dictionary it goes
 * through, nor how often it goes round in a chain. The numbers hold for several snapshots, so that what a field holds
 * can be compared.
 */
export class PathKinds {
  readonly #texts = new Map<string, number>()
  readonly #kinds = new Map<number, number>()
  /** Of each kind the one before its last step, and that step. */
  readonly #before: number[] = [-1]
  readonly #step: number[] = [-1]

  /** Of each node the kind of its path, and of its *field*: the path up to the last step that has a name of its own. */
  of(graph: HeapGraph, { order, parent, edge }: Retainers): { readonly path: Int32Array; readonly field: Int32Array } {
    const path = numbers(graph.nodeCount).fill(-1)
    const field = numbers(graph.nodeCount).fill(-1)
    const stepOf = this.#stepsOf(graph)
    const isField = fieldTest(graph)
    for (const node of order) {
      const above = parent[node] as number
      if (above < 0) {
        path[node] = 0
        field[node] = 0
        continue
      }
      const isNamed = isField(edge[node] as number, above)
      path[node] = this.#longer(path[above] as number, stepOf(node, edge[node] as number, isNamed))
      field[node] = isNamed ? (path[node] as number) : (field[above] as number)
    }
    return { path, field }
  }

  /** All that the paths of a kind lead to, and those that go on from them: by kind, objects and bytes. */
  totals({ selfSize }: HeapGraph, path: Int32Array): PathTotals {
    const objects = doubles(this.#before.length)
    const bytes = doubles(this.#before.length)
    for (const [node, kind] of path.entries()) {
      if (kind < 0) continue
      objects[kind] = (objects[kind] as number) + 1
      bytes[kind] = (bytes[kind] as number) + (selfSize[node] as number)
    }
    // A kind comes after the one that it goes on from.
    for (let kind = objects.length - 1; kind > 0; kind--) {
      const before = this.#before[kind] as number
      objects[before] = (objects[before] as number) + (objects[kind] as number)
      bytes[before] = (bytes[before] as number) + (bytes[kind] as number)
    }
    return (kind) => ({ objects: objects[kind] ?? 0, bytes: bytes[kind] ?? 0 })
  }

  #stepsOf(graph: HeapGraph): (node: number, edge: number, isNamed: boolean) => number {
    const { strings, edgeName, nodeType, nodeName } = graph
    const known = new Map<number, number>()
    return (node, edge, isNamed) => {
      const type = nodeType[node] as number
      const hasClass = type === ofNode.object || type === ofNode.native
      const name = isNamed ? (edgeName[edge] as number) + 1 : 0
      const key = (name * (strings.count + 1) + (hasClass ? (nodeName[node] as number) : 0)) * 32 + type
      const step = known.get(key)
      if (step !== undefined) return step
      const text = `${isNamed ? strings.at(edgeName[edge] as number) : ANY}\n${className(graph, node)}`
      const made = this.#texts.get(text) ?? this.#texts.size
      this.#texts.set(text, made)
      known.set(key, made)
      return made
    }
  }

  #longer(kind: number, step: number): number {
    const key = kind * 2 ** 30 + step
    const known = this.#kinds.get(key)
    if (known !== undefined) return known
    if (this.#kinds.size === KINDS_MAX) return kind
    const made = this.#repeated(kind, step) ?? this.#made(kind, step)
    this.#kinds.set(key, made)
    return made
  }

  #made(kind: number, step: number): number {
    this.#step.push(step)
    return this.#before.push(kind) - 1
  }

  /** If the last steps are those that were just made, in the same order: the kind that they then led to. */
  #repeated(kind: number, step: number): number | undefined {
    let rotated = kind
    for (let period = 1; period <= PERIOD_MAX; period++) {
      let late = kind
      let early = rotated
      let same = this.#step[early] === step
      for (let at = 1; same && at < period; at++) {
        early = this.#before[early] ?? -1
        same = early > 0 && this.#step[late] === this.#step[early]
        late = this.#before[late] ?? -1
      }
      if (same && rotated > 0) return rotated
      rotated = this.#before[rotated] ?? -1
      if (rotated <= 0) return undefined
    }
    return undefined
  }
}

/** Timers hang in rings, each on its neighbours; what V8 adds to an object has a symbol with no text. */
const NO_FIELDS = ['_idleNext', '_idlePrev', '<symbol>']

/** Whether somebody has written the name of an edge into a program, as that of a field or a variable of an object. */
export function fieldTest(graph: HeapGraph): (edge: number, from: number) => boolean {
  const { firstEdge, edgeType, edgeName, nodeName, strings } = graph
  const plainObject = strings.indexOf('Object')
  const noFields = new Set(NO_FIELDS.map((name) => strings.indexOf(name)))
  return (edge, from) => {
    const type = edgeType[edge]
    if (type === ofEdge.context || type === ofEdge.shortcut) return true
    if (type !== ofEdge.property || noFields.has(edgeName[edge] as number)) return false
    if (nodeName[from] !== plainObject) return true
    let names = 0
    for (let at = firstEdge[from] as number; at < (firstEdge[from + 1] as number); at++) {
      if (edgeType[at] === ofEdge.property && ++names > FIELDS_MAX) return false
    }
    return true
  }
}
