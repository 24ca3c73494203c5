import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import { className } from './class-name.js'
import { fieldTest } from './held-by.js'
import type { Retainers } from './retainers.js'

/** Shown of a long path: its beginning says from where, its end who holds it. */
const FIRST_STEPS = 4
const LAST_STEPS = 10
const CONTEXT = 'system / Context'
const PERIOD_MAX = 4

/**
 * Retainer paths on one line, the fields by the names that they have in the program:
 * `(root) → global.service → Service.#pending → Map[…] → Request`. V8's own objects between them are left out; `[…]`
 * is some entry. What comes again and again, as in a linked list, is said once.
 */
export class PathTexts {
  readonly #graph: HeapGraph
  readonly #retainers: Retainers
  readonly #isField: (edge: number, from: number) => boolean

  constructor(graph: HeapGraph, retainers: Retainers) {
    this.#graph = graph
    this.#retainers = retainers
    this.#isField = fieldTest(graph)
  }

  path(node: number): string {
    const steps = withoutRepeats(this.#stepsTo(node).map(({ text }) => text))
    const more = steps.length - FIRST_STEPS - LAST_STEPS
    const shown = more <= 1 ? steps : [...steps.slice(0, FIRST_STEPS), `… ${more} more …`, ...steps.slice(-LAST_STEPS)]
    return ['(root)', ...shown].join(' → ')
  }

  /**
   * The field that new objects were put into: the last one on the way to `node` that an object held which is not new
   * itself, with the nearest owner that has a name of its own: `LeakyTarget.emitter._events.data`.
   */
  field(node: number, isNew: (node: number) => boolean = () => false): string {
    const steps = this.#stepsTo(node)
    const firstNew = steps.findIndex((step) => isNew(step.node))
    const old = firstNew < 0 ? steps.slice(0, -1) : steps.slice(0, firstNew)
    const last = old.findLastIndex(({ field }) => field !== undefined)
    if (last < 0) return old.at(-1)?.owner ?? '(root)'
    let first = last
    while (first > 0 && old[first]?.isContainer && old[first - 1]?.field !== undefined) first--
    const fields = old.slice(first, last + 1).map(({ field }) => field)
    return `${old[first]?.owner}${fields.join('')}`
  }

  /** What a person would call an object of the way: each with the name of what leads on from it. */
  #stepsTo(node: number): Step[] {
    const graph = this.#graph
    const { parent, edge } = this.#retainers
    const nodes: number[] = []
    for (let at = node; at > 0; at = parent[at] as number) nodes.push(at)
    nodes.reverse()
    const steps: Step[] = []
    for (let at = 0; at < nodes.length; ) {
      const from = nodes[at] as number
      let next = at + 1
      while (next < nodes.length - 1 && isInner(graph, nodes[next] as number)) next++
      const edges = nodes.slice(at + 1, next + 1).map((to) => edge[to] as number)
      const field = this.#fieldOf(edges, nodes.slice(at, next))
      const owner = nodeText(graph, from)
      const isLast = next >= nodes.length
      const entry = isLast || isRoots(graph, from) ? '' : ANY
      steps.push({ node: from, text: `${owner}${field ?? entry}`, owner, field, isContainer: containers.has(owner) })
      at = next
    }
    return steps
  }

  /** The name by which one leaves an object and V8's own ones behind it: a variable of its scope, or a field. */
  #fieldOf(edges: readonly number[], from: readonly number[]): string | undefined {
    const { edgeType, edgeName, strings } = this.#graph
    const named = edges.findLastIndex((edge, at) => this.#isField(edge, from[at] as number))
    const edge = edges[named]
    if (edge === undefined) return undefined
    const name = strings.at(edgeName[edge] as number).replace(/^<symbol (.*)>$/, '$1')
    if (edgeType[edge] === ofEdge.context) return ` (variable ${name})`
    return /^[#\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${name}]`
  }
}

interface Step {
  readonly node: number
  readonly text: string
  readonly owner: string
  /** How the next step is reached, if by a name. */
  readonly field: string | undefined
  readonly isContainer: boolean
}

const ANY = '[…]'

/** What nobody's program has a name for. */
function isInner(graph: HeapGraph, node: number): boolean {
  const type = graph.nodeType[node]
  if (type === ofNode.array || type === ofNode.hidden || type === ofNode.code || type === ofNode['object shape'])
    return true
  return type === ofNode.object && className(graph, node) === CONTEXT
}

function isRoots({ nodeType }: HeapGraph, node: number): boolean {
  return nodeType[node] === ofNode.synthetic
}

const containers = new Set(['Object', 'Array', 'Map', 'Set', 'EventEmitter', 'WeakMap'])

function nodeText(graph: HeapGraph, node: number): string {
  const { nodeType, nodeName, strings } = graph
  const name = strings.at(nodeName[node] as number)
  if (nodeType[node] === ofNode.closure) return name === '' ? 'function' : `function ${name}`
  if (isRoots(graph, node)) return name
  return className(graph, node) === CONTEXT ? 'scope' : className(graph, node)
}

function withoutRepeats(steps: readonly string[]): string[] {
  const kept: string[] = []
  for (const step of steps) {
    kept.push(step)
    for (let period = 1; period <= PERIOD_MAX && kept.length >= 2 * period; period++) {
      const last = kept.slice(-period).join('\n')
      if (last === kept.slice(-2 * period, -period).join('\n')) {
        kept.length -= period
        break
      }
    }
  }
  return kept
}
