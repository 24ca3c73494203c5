import { setImmediate as turn } from 'node:timers/promises'
import { doubles } from '../../memory/columns.js'
import { PathKinds } from '../retaining/path-kinds.js'
import type { HeapNodes } from '../snapshot/heap-graph.js'
import { readHeapNodes, readHeapSnapshot } from '../snapshot/read-snapshot.js'
import { SnapshotError } from '../snapshot/snapshot-error.js'
import { type Category, categories } from './category.js'
import { type ClusterFacts, clustersOf, ownerByScript } from './clusters.js'
import type { CategoryGrowth, ClassGrowth, HeapGrowth, Owner, Totals } from './growth.js'
import { ObjectIds } from './object-ids.js'
import { type Summary, summaryOf } from './summary.js'

/** Three snapshots of one thread, in the order in which they were taken. */
export interface SnapshotFiles {
  readonly before: string
  readonly after: string
  /**
   * With one between, new is what was born before it and lives on after: what the last calls have under way isn't
   * taken for a leak.
   */
  readonly between?: string | undefined
}

export interface CompareOptions {
  /** Whose a cluster is. Without it, what is held by Node's own files is Node's, and all else the target's. */
  readonly ownerOf?: (cluster: ClusterFacts) => Owner
  /** Classes in the answer at most, 30 without it; what is left out is counted. */
  readonly classesMax?: number
  /** Clusters in the answer at most, 30 without it; what is left out is counted. */
  readonly clustersMax?: number
  readonly signal?: AbortSignal
}

const LISTED_MAX = 30

/**
 * What grew between heap snapshots of one thread, by class and by who holds it.
 *
 * Reads one after the other and keeps no two in memory at once. Rejects with a `SnapshotError` where a file can't be
 * read or is of another thread, and with the signal's reason; between two steps of work the event loop has a turn, and a step on a heap of 200 MB takes
 * seconds.
 */
export async function compareSnapshots(files: SnapshotFiles, options: CompareOptions = {}): Promise<HeapGrowth> {
  const { classesMax = LISTED_MAX, clustersMax = LISTED_MAX, ownerOf = ownerByScript(), signal } = options
  const kinds = new PathKinds()
  const pause = async () => {
    await turn()
    signal?.throwIfAborted()
  }
  const first = await (async () => {
    const { summary, graph } = await summarised(files.before, kinds, pause, signal)
    return { ...plain(summary), ids: new ObjectIds(graph) }
  })()
  const second = files.between === undefined ? undefined : await idsOf(files.between, first.ids, signal)
  const { summary, graph } = await summarised(files.after, kinds, pause, signal)
  mustFollow(second ?? first.ids, graph, files.after)
  const isNew = (node: number) => {
    const id = graph.nodeId[node] as number
    return !first.ids.has(id) && (second === undefined || second.has(id))
  }
  const clusters = clustersOf(graph, summary, isNew, first.held, ownerOf)
  await pause()
  const classes = classGrowth(first, summary, isNew)
  const leftOut = clusters.slice(clustersMax)
  const ownBytes = (of: Owner) => sum(clusters, ({ owner, shallow, code }) => (owner === of ? shallow - code : 0))
  return {
    before: first.totals,
    after: summary.totals,
    newObjects: { objects: sum(clusters, ({ objects }) => objects), bytes: sum(clusters, ({ shallow }) => shallow) },
    newBytesByOwner: { target: ownBytes('target'), engine: ownBytes('engine'), node: ownBytes('node') },
    newCodeBytes: sum(clusters, ({ code }) => code),
    categories: categoryGrowth(first.byCategory, summary.byCategory),
    classes: classes.slice(0, classesMax),
    classesLeftOut: Math.max(0, classes.length - classesMax),
    clusters: clusters.slice(0, clustersMax),
    clustersLeftOut: {
      count: leftOut.length,
      objects: sum(leftOut, ({ objects }) => objects),
      bytes: sum(leftOut, ({ shallow }) => shallow),
    },
  }
}

async function idsOf(file: string, before: ObjectIds, signal?: AbortSignal): Promise<ObjectIds> {
  const nodes = await readHeapNodes(file, { signal })
  mustFollow(before, nodes, file)
  return new ObjectIds(nodes)
}

function mustFollow(before: ObjectIds, later: HeapNodes, file: string): void {
  const difference = before.differenceTo(later)
  if (difference === undefined) return
  const allowed = 'only snapshots of one thread can be compared, in the order in which they were taken'
  throw new SnapshotError('ERR_SNAPSHOT_UNRELATED', file, `${difference}; ${allowed}`)
}

async function summarised(file: string, kinds: PathKinds, pause: () => Promise<void>, signal?: AbortSignal) {
  const graph = await readHeapSnapshot(file, { signal })
  return { graph, summary: await summaryOf(graph, kinds, pause) }
}

/** What outlives the graph: without its columns. */
function plain({ classes, totals, byCategory, held }: Summary) {
  return { classes, totals, byCategory, held }
}

function classGrowth(
  before: Pick<Summary, 'classes'>,
  after: Summary,
  isNew: (node: number) => boolean,
): ClassGrowth[] {
  const newCounts = doubles(after.classes.length)
  for (const [node, place] of after.classOf.entries()) {
    if (place >= 0 && isNew(node)) newCounts[place] = (newCounts[place] as number) + 1
  }
  const earlier = new Map(before.classes.map((figures) => [figures.name, figures]))
  const grown: ClassGrowth[] = after.classes.map(({ name, category, count, shallow, retained }, place) => {
    const was = earlier.get(name)
    earlier.delete(name)
    return {
      name,
      category,
      countBefore: was?.count ?? 0,
      countAfter: count,
      newCount: newCounts[place] as number,
      shallowGrowth: shallow - (was?.shallow ?? 0),
      retainedGrowth: retained - (was?.retained ?? 0),
    }
  })
  const gone = [...earlier.values()].map(({ name, category, count, shallow, retained }) => ({
    name,
    category,
    countBefore: count,
    countAfter: 0,
    newCount: 0,
    shallowGrowth: -shallow,
    retainedGrowth: -retained,
  }))
  return [...grown, ...gone]
    .filter(
      ({ newCount, shallowGrowth, retainedGrowth }) => newCount > 0 || shallowGrowth !== 0 || retainedGrowth !== 0,
    )
    .sort((one, other) => other.shallowGrowth - one.shallowGrowth)
}

function categoryGrowth(before: Record<Category, Totals>, after: Record<Category, Totals>): CategoryGrowth[] {
  return categories.map((category) => ({
    category,
    countBefore: before[category].objects,
    countAfter: after[category].objects,
    bytesBefore: before[category].bytes,
    bytesAfter: after[category].bytes,
  }))
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}
