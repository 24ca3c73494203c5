import { className } from '../snapshot/class-name.js'
import { type HeapGraph, ofEdge, ofNode } from '../snapshot/heap-graph.js'
import { fieldTest } from './path-kinds.js'
import type { Retainers } from './retainers.js'
import { GENERATOR, isOwnScript, MODULE, type Scripts } from './scripts.js'

/** Shown of a long path: its beginning says from where, its end who holds it. */
const FIRST_STEPS = 4
const LAST_STEPS = 10
/** How far above a field its owner is looked for: an emitter's list of functions is three below who has the emitter. */
const OWNER_STEPS_MAX = 6
const CONTEXT = 'system / Context'
const PERIOD_MAX = 4
const ANY = '[…]'

/**
 * Retainer paths on one line, the fields by the names that they have in the program:
 * `(root) → global.service → Service.#pending → Map[…] → Request`. V8's own objects between them are left out; `[…]`
 * is some entry. What comes again and again, as in a linked list, is said once.
 */
export class PathTexts {
  readonly #graph: HeapGraph
  readonly #retainers: Retainers
  readonly #scripts: Scripts
  readonly #isField: (edge: number, from: number) => boolean

  constructor(graph: HeapGraph, retainers: Retainers, scripts: Scripts) {
    this.#graph = graph
    this.#retainers = retainers
    this.#scripts = scripts
    this.#isField = fieldTest(graph)
  }

  path(node: number): string {
    const steps = this.#stepsTo(node)
    const first = steps.findIndex((step) => isOwnScript(this.#scripts.of(step.node)))
    // How Node's own parts lead to a module says nothing about who holds what.
    if (first > FIRST_STEPS) return line(['…', ...withoutRepeats(steps.slice(first))])
    return line(withoutRepeats(steps))
  }

  /**
   * The field that new objects were put into: the last one on the way to `node` that an object held which is not new
   * itself. It begins with the nearest owner that is somebody's own class or function, not Node's and no list or map:
   * `LeakyTarget.emitter._events.data`.
   */
  field(node: number, isNew: (node: number) => boolean): string {
    const steps = this.#stepsTo(node)
    const old = steps.slice(0, 1 + steps.slice(0, -1).findLastIndex((step) => !isNew(step.node)))
    let last = old.length - 1
    while (last >= 0 && (old[last]?.field === undefined || old[last]?.owner === steps[last + 1]?.owner)) last--
    if (last < 0) return old.at(-1)?.owner ?? '(root)'
    const owner = this.#ownerOf(old, last)
    const fields = old.slice(owner, last + 1).map(({ field }) => field ?? '')
    return `${old[owner]?.owner}${fields.join('')}`
  }

  /** Of the step with the field, or of a few before it. */
  #ownerOf(steps: readonly Step[], field: number): number {
    for (let at = field; at >= 0 && at > field - OWNER_STEPS_MAX; at--) {
      const step = steps[at] as Step
      if (step.field !== undefined && isOwnScript(this.#scripts.of(step.node))) return at
    }
    return field
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
      while (next < nodes.length - 1 && isInner(graph, nodes[next] as number, from)) next++
      const edges = nodes.slice(at + 1, next + 1).map((to) => edge[to] as number)
      const field = this.#fieldOf(edges, nodes.slice(at, next))
      const owner = this.#nodeText(from)
      const isLast = next >= nodes.length
      const entry = isLast || isRoots(graph, from) ? '' : ANY
      steps.push({ node: from, text: `${owner}${field ?? entry}`, owner, field })
      at = next
    }
    return steps
  }

  #nodeText(node: number): string {
    const { nodeName, strings } = this.#graph
    const closure = this.#scripts.functionOf(node)
    const name = strings.at(nodeName[closure ?? node] as number)
    if (closure !== undefined) return name === '' ? 'function' : `function ${name}`
    if (isRoots(this.#graph, node)) return name
    const ofClass = className(this.#graph, node)
    if (ofClass === MODULE) return `module ${this.#scripts.of(node)?.split('/').at(-1)}`
    return ofClass === CONTEXT ? 'scope' : ofClass
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
}

/** What nobody's program has a name for. */
function isInner(graph: HeapGraph, node: number, owner: number): boolean {
  const type = graph.nodeType[node]
  if (type === ofNode.array || type === ofNode.hidden || type === ofNode.code || type === ofNode['object shape'])
    return true
  const name = className(graph, node)
  return name === CONTEXT || (name === GENERATOR && className(graph, owner) === MODULE)
}

function isRoots({ nodeType }: HeapGraph, node: number): boolean {
  return nodeType[node] === ofNode.synthetic
}

function line(steps: readonly string[]): string {
  const more = steps.length - FIRST_STEPS - LAST_STEPS
  const shown = more <= 1 ? steps : [...steps.slice(0, FIRST_STEPS), `… ${more} more …`, ...steps.slice(-LAST_STEPS)]
  return ['(root)', ...shown].join(' → ')
}

function withoutRepeats(steps: readonly Step[]): string[] {
  const kept: string[] = []
  for (const { text } of steps) {
    kept.push(text)
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
