import { className } from '../snapshot/class-name.js'
import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import type { Retainers } from './retainers.js'

/** Enough to tell whose a path is; more would be the whole of Node's own start. */
const ABOVE_MAX = 8

/** Node's class of an ES module, and V8's of a generator; a module's variables are those of a generator that it has. */
export const MODULE = 'ModuleWrap'
export const GENERATOR = 'Generator'

type Follow = (node: number | undefined) => number | undefined

/** In which file what is in a heap is written: `file:///…/service.js`, `node:internal/timers`. */
export class Scripts {
  readonly #graph: HeapGraph
  readonly #to: Readonly<
    Record<'shared' | 'script' | 'name' | 'url' | 'prototype' | 'maker' | 'code' | 'timer', Follow>
  >

  constructor(graph: HeapGraph) {
    this.#graph = graph
    this.#to = {
      shared: follow(graph, 'shared'),
      script: follow(graph, 'script', 'script_or_debug_info'),
      name: follow(graph, 'name'),
      url: follow(graph, 'url'),
      prototype: follow(graph, '__proto__'),
      maker: follow(graph, 'constructor'),
      code: follow(graph, 'function'),
      timer: follow(graph, '_onTimeout', '_onImmediate'),
    }
  }

  /** Of a function, of an object's class, of a module. Nothing for what V8 brings itself. */
  of(node: number): string | undefined {
    const { nodeType } = this.#graph
    if (nodeType[node] !== ofNode.closure && nodeType[node] !== ofNode.object) return undefined
    if (className(this.#graph, node) === MODULE) return this.#text(this.#to.url(node))
    const closure = this.functionOf(node) ?? this.#to.maker(this.#to.prototype(node))
    if (closure === undefined || nodeType[closure] !== ofNode.closure) return undefined
    return this.#text(this.#to.name(this.#to.script(this.#to.shared(closure))))
  }

  /** A function itself; that of a generator, and so of an async function under way. */
  functionOf(node: number): number | undefined {
    if (this.#graph.nodeType[node] === ofNode.closure) return node
    return className(this.#graph, node) === GENERATOR ? this.#to.code(node) : undefined
  }

  /** A function as a person finds it: `onResult (file:///…/service.js:12)`. */
  functionText(closure: number): string {
    const { nodeName, strings, line } = this.#graph
    const name = strings.at(nodeName[closure] as number) || '(no name)'
    const script = this.of(closure)
    const at = (line[closure] as number) > 0 ? `:${line[closure]}` : ''
    return script ? `${name} (${script}${at})` : name
  }

  /** All timers hang in Node's own lists; who set one is told by the function that it is to call. */
  timerText(timer: number): string {
    const { nodeType } = this.#graph
    const called = ['Timeout', 'Immediate'].includes(className(this.#graph, timer)) ? this.#to.timer(timer) : undefined
    if (called === undefined || nodeType[called] !== ofNode.closure) return ''
    const field = className(this.#graph, timer) === 'Timeout' ? '_onTimeout' : '_onImmediate'
    return `.${field} → function ${this.functionText(called)}`
  }

  /** The files of what holds a node, the nearest first, each once. */
  above({ parent }: Retainers, node: number): string[] {
    const found = new Set<string>()
    for (let at = parent[node] as number; at > 0 && found.size < ABOVE_MAX; at = parent[at] as number) {
      const script = this.of(at)
      if (script) found.add(script)
    }
    return [...found]
  }

  #text(node: number | undefined): string | undefined {
    const { nodeType, nodeName, strings } = this.#graph
    return node !== undefined && nodeType[node] === ofNode.string ? strings.at(nodeName[node] as number) : undefined
  }
}

/** Whether it is neither Node's nor V8's. */
export function isOwnScript(script: string | undefined): script is string {
  return script !== undefined && !script.startsWith('node:')
}

/** The step from a node by the first field that has one of these names. */
function follow({ strings, firstEdge, edgeType, edgeName, edgeTo }: HeapGraph, ...names: readonly string[]): Follow {
  const wanted = names.map((name) => strings.indexOf(name))
  return (node) => {
    if (node === undefined) return undefined
    for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++) {
      const isNamed = edgeType[edge] === ofEdge.property || edgeType[edge] === ofEdge.internal
      if (isNamed && wanted.includes(edgeName[edge] as number)) return edgeTo[edge]
    }
    return undefined
  }
}
