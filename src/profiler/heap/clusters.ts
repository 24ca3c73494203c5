import { numbers } from '../../memory/columns.js'
import type { PathTotals } from '../retaining/path-kinds.js'
import { PathTexts } from '../retaining/path-text.js'
import { retainedByGroup } from '../retaining/retained.js'
import { isOwnScript, Scripts } from '../retaining/scripts.js'
import { className } from '../snapshot/class-name.js'
import { type HeapGraph, ofNode } from '../snapshot/heap-graph.js'
import type { GrowthCluster, Owner } from './growth.js'
import type { Summary } from './summary.js'

/** What is known of a cluster when it is asked whose it is. */
export type ClusterFacts = Omit<GrowthCluster, 'owner'>

/** Fields whose retained size and path are worked out: those that hold the most new bytes. */
const CLUSTERS_MAX = 500
const NAMED_MAX = 3
/** Functions among the new objects that are asked for their file. */
const CLOSURES_ASKED = 200

/** New objects of one kind of path: all `Request`s of a list, or the `body` of each. */
interface Kin {
  readonly place: number
  readonly first: number
  count: number
}

interface Gathered {
  readonly place: number
  readonly field: number
  objects: number
  shallow: number
  code: number
  /** By kind of path. */
  readonly kin: Map<number, Kin>
  readonly closures: number[]
}

/**
 * New objects by the field that holds them, the most bytes first. A field is asked for where the path leaves what is
 * old: a list that is new itself belongs, with all that is in it, to the field that it was put into.
 */
export function clustersOf(
  graph: HeapGraph,
  summary: Summary,
  isNew: (node: number) => boolean,
  heldBefore: PathTotals,
  ownerOf: (cluster: ClusterFacts) => Owner,
): GrowthCluster[] {
  const { gathered, clusterOf, kinOf, kins } = gather(graph, summary, isNew)
  const { dominators, retainers, categoryOf, held } = summary
  const retained = retainedByGroup(dominators, clusterOf, gathered.length)
  const retainedByKin = retainedByGroup(dominators, kinOf, kins)
  const scripts = new Scripts(graph)
  const texts = new PathTexts(graph, retainers, scripts)
  return gathered
    .sort((one, other) => other.shallow - one.shallow)
    .slice(0, CLUSTERS_MAX)
    .map(({ place, field, objects, shallow, code, kin, closures }) => {
      const { first, count } = typical(graph, [...kin.values()], retainedByKin)
      const above = scripts.above(retainers, first)
      const facts: ClusterFacts = {
        path: texts.path(first) + scripts.timerText(first),
        field: texts.field(first, isNew),
        className: className(graph, first),
        category: categoryOf(first),
        count,
        objects,
        shallow,
        code,
        retained: retained[place] as number,
        heldBefore: heldBefore(field),
        heldAfter: held(field),
        scripts: above.some(isOwnScript)
          ? above
          : [...mostFrequent([first, ...closures].map((node) => scripts.of(node)).filter(isOwnScript)), ...above],
        functions: mostFrequent(closures.map((closure) => scripts.functionText(closure))),
      }
      return { ...facts, owner: ownerOf(facts) }
    })
}

/**
 * Whose a cluster is by the files that hold it: Node's if they are Node's alone; else by the nearest that isn't, the
 * engine's if `isEngine` says so of it. What no file is known of, plain data in a global, is the target's: rather a
 * false alarm than a leak that nobody sees.
 */
export function ownerByScript(isEngine: (script: string) => boolean = () => false): (cluster: ClusterFacts) => Owner {
  return ({ scripts, path, shallow, code }) => {
    const nearest = scripts.find(isOwnScript)
    if (nearest === undefined) {
      return scripts.length === 0 && path.startsWith('(root) → global.') && code < shallow ? 'target' : 'node'
    }
    return isEngine(nearest) ? 'engine' : 'target'
  }
}

function gather(graph: HeapGraph, { retainers, path, field, categoryOf }: Summary, isNew: (node: number) => boolean) {
  const { nodeCount, nodeType, selfSize } = graph
  const clusterOf = numbers(nodeCount).fill(-1)
  const kinOf = numbers(nodeCount).fill(-1)
  const byField = new Map<number, Gathered>()
  const gathered: Gathered[] = []
  let kins = 0
  for (const node of retainers.order) {
    if (nodeType[node] === ofNode.synthetic || !isNew(node)) continue
    const above = clusterOf[retainers.parent[node] as number] as number
    // What C++ tells of itself gets a new id in each snapshot; new it is only as a part of what is new.
    if (above < 0 && isOfEmbedder(graph, node)) continue
    let cluster = gathered[above]
    if (!cluster) {
      const of = field[node] as number
      cluster = byField.get(of) ?? {
        place: gathered.length,
        field: of,
        objects: 0,
        shallow: 0,
        code: 0,
        kin: new Map(),
        closures: [],
      }
      if (cluster.place === gathered.length) gathered.push(cluster)
      byField.set(of, cluster)
    }
    cluster.objects++
    cluster.shallow += selfSize[node] as number
    if (categoryOf(node) === 'code') cluster.code += selfSize[node] as number
    if (nodeType[node] === ofNode.closure && cluster.closures.length < CLOSURES_ASKED) cluster.closures.push(node)
    let kin = cluster.kin.get(path[node] as number)
    if (!kin) {
      kin = { place: kins++, first: node, count: 0 }
      cluster.kin.set(path[node] as number, kin)
    }
    kin.count++
    clusterOf[node] = cluster.place
    kinOf[node] = kin.place
  }
  return { gathered, clusterOf, kinOf, kins }
}

function isOfEmbedder({ nodeType, nodeName, strings }: HeapGraph, node: number): boolean {
  return nodeType[node] === ofNode.native && strings.at(nodeName[node] as number).startsWith('Node / ')
}

/** Of those that are about as many as any, the ones that retain the most: the `Request`s, not the `body` of each. */
function typical(graph: HeapGraph, kin: readonly Kin[], retained: Float64Array): Kin {
  const named = kin.filter(({ first }) => !isAnonymous(graph, first))
  const candidates = named.length > 0 ? named : kin
  const most = candidates.reduce((max, { count }) => Math.max(max, count), 0)
  return candidates
    .filter(({ count }) => count * 2 >= most)
    .reduce((best, other) => ((retained[other.place] as number) > (retained[best.place] as number) ? other : best))
}

/** V8's own arrays and structures, and numbers: they come with what somebody has made. */
function isAnonymous(graph: HeapGraph, node: number): boolean {
  return anonymous.has(graph.nodeType[node] as number) || className(graph, node).startsWith('system / ')
}

const anonymous = new Set([ofNode.array, ofNode.hidden, ofNode.code, ofNode['object shape'], ofNode.number])

function mostFrequent(texts: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) if (text) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, NAMED_MAX)
    .map(([text]) => text)
}
