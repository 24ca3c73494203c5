import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import type { Retainers } from './retainers.js'

/** Enough to tell whose a path is; more would be the whole of Node's own start. */
const SCRIPTS_MAX = 8

/**
 * The file in which a function, or the class of an object, is written: `file:///…/service.js`, `node:internal/timers`.
 * Nothing for what V8 brings itself.
 */
export function scriptFinder(graph: HeapGraph): (node: number) => string | undefined {
  const { strings, firstEdge, edgeType, edgeName, edgeTo, nodeType, nodeName } = graph
  const named = (text: string) => strings.indexOf(text)
  const [shared, script, scriptOrDebug, name, prototype, maker] = [
    'shared',
    'script',
    'script_or_debug_info',
    'name',
    '__proto__',
    'constructor',
  ].map(named) as [number, number, number, number, number, number]
  const follow = (node: number | undefined, ...names: readonly number[]): number | undefined => {
    if (node === undefined) return undefined
    for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++) {
      const isNamed = edgeType[edge] === ofEdge.property || edgeType[edge] === ofEdge.internal
      if (isNamed && names.includes(edgeName[edge] as number)) return edgeTo[edge]
    }
    return undefined
  }
  const ofFunction = (node: number | undefined): string | undefined => {
    if (node === undefined || nodeType[node] !== ofNode.closure) return undefined
    const file = follow(follow(follow(node, shared), script, scriptOrDebug), name)
    return file === undefined || nodeType[file] !== ofNode.string ? undefined : strings.at(nodeName[file] as number)
  }
  return (node) => {
    if (nodeType[node] === ofNode.closure) return ofFunction(node)
    if (nodeType[node] !== ofNode.object) return undefined
    return ofFunction(follow(follow(node, prototype), maker))
  }
}

/** A function as a person finds it: `onResult (file:///…/service.js:12)`. */
export function functionText(
  { nodeName, strings, line }: HeapGraph,
  scriptOf: (node: number) => string | undefined,
  closure: number,
): string {
  const name = strings.at(nodeName[closure] as number) || 'function'
  const script = scriptOf(closure)
  const at = (line[closure] as number) > 0 ? `:${line[closure]}` : ''
  return script ? `${name} (${script}${at})` : name
}

/** The files of what holds a node, the nearest first, each once. */
export function scriptsAbove(
  { parent }: Retainers,
  scriptOf: (node: number) => string | undefined,
  node: number,
): string[] {
  const found = new Set<string>()
  for (let at = parent[node] as number; at > 0 && found.size < SCRIPTS_MAX; at = parent[at] as number) {
    const script = scriptOf(at)
    if (script) found.add(script)
  }
  return [...found]
}
