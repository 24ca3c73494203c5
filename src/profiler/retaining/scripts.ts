import { className } from '../snapshot/class-name.js'
import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import type { Retainers } from './retainers.js'

/** Enough to tell whose a path is; more would be the whole of Node's own start. */
const SCRIPTS_MAX = 8

/** Of a node the file that it is from: `file:///…/service.js`, `node:internal/timers`; nothing for what V8 brings itself. */
export type ScriptOf = (node: number) => string | undefined

/**
 * The file in which a function is written, or the class of an object; of a module its own, of a generator (and so of an
 * async function under way) its function's.
 */
export function scriptFinder(graph: HeapGraph): ScriptOf {
  const { strings, firstEdge, edgeType, edgeName, edgeTo, nodeType, nodeName } = graph
  const place = (text: string) => strings.indexOf(text)
  const follow = (names: readonly string[]) => {
    const wanted = names.map(place)
    return (node: number | undefined): number | undefined => {
      if (node === undefined) return undefined
      for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++) {
        const isNamed = edgeType[edge] === ofEdge.property || edgeType[edge] === ofEdge.internal
        if (isNamed && wanted.includes(edgeName[edge] as number)) return edgeTo[edge]
      }
      return undefined
    }
  }
  const shared = follow(['shared'])
  const script = follow(['script', 'script_or_debug_info'])
  const name = follow(['name'])
  const url = follow(['url'])
  const prototype = follow(['__proto__'])
  const maker = follow(['constructor'])
  const generatorFunction = follow(['function'])
  const moduleWrap = place(MODULE)
  const generator = place(GENERATOR)

  const text = (node: number | undefined) =>
    node !== undefined && nodeType[node] === ofNode.string ? strings.at(nodeName[node] as number) : undefined
  const ofFunction = (node: number | undefined) =>
    node !== undefined && nodeType[node] === ofNode.closure ? text(name(script(shared(node)))) : undefined
  return (node) => {
    if (nodeType[node] === ofNode.closure) return ofFunction(node)
    if (nodeType[node] !== ofNode.object) return undefined
    if (nodeName[node] === moduleWrap) return text(url(node))
    if (nodeName[node] === generator) return ofFunction(generatorFunction(node))
    return ofFunction(maker(prototype(node)))
  }
}

/** Node's class of an ES module, and V8's of a generator; a module's variables are those of a generator that it has. */
export const MODULE = 'ModuleWrap'
export const GENERATOR = 'Generator'

/** Whether it is neither Node's nor V8's. */
export function isOwnScript(script: string | undefined): script is string {
  return script !== undefined && !script.startsWith('node:')
}

/** A function as a person finds it: `onResult (file:///…/service.js:12)`. */
export function functionText({ nodeName, strings, line }: HeapGraph, scriptOf: ScriptOf, closure: number): string {
  const name = strings.at(nodeName[closure] as number) || '(no name)'
  const script = scriptOf(closure)
  const at = (line[closure] as number) > 0 ? `:${line[closure]}` : ''
  return script ? `${name} (${script}${at})` : name
}

/** All timers hang in Node's own lists; who set one is told by the function that it is to call. */
export function timerText(graph: HeapGraph, scriptOf: ScriptOf, timer: number): string {
  const { firstEdge, edgeName, edgeTo, nodeType, strings } = graph
  if (!['Timeout', 'Immediate'].includes(className(graph, timer))) return ''
  for (let edge = firstEdge[timer] as number; edge < (firstEdge[timer + 1] as number); edge++) {
    const name = strings.at(edgeName[edge] as number)
    const to = edgeTo[edge] as number
    if (['_onTimeout', '_onImmediate'].includes(name) && nodeType[to] === ofNode.closure) {
      return `.${name} → function ${functionText(graph, scriptOf, to)}`
    }
  }
  return ''
}

/** The files of what holds a node, the nearest first, each once. */
export function scriptsAbove({ parent }: Retainers, scriptOf: ScriptOf, node: number): string[] {
  const found = new Set<string>()
  for (let at = parent[node] as number; at > 0 && found.size < SCRIPTS_MAX; at = parent[at] as number) {
    const script = scriptOf(at)
    if (script) found.add(script)
  }
  return [...found]
}
