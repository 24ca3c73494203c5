import type { Evidence } from '../evidence.js'
import type { ClassGrowth, GrowthCluster } from '../profiler/heap/growth.js'

/** A field that holds more at the end of the soak than before it, in one thread or in several. */
export interface Suspect {
  readonly field: string
  readonly className: string
  readonly category: GrowthCluster['category']
  readonly owner: GrowthCluster['owner']
  readonly threads: readonly string[]
  /** New objects of that class, in all of the threads. */
  readonly count: number
  readonly retainedBytes: number
  /** What the field held more at the end, in all; without compiled code, which warms up and stops. */
  readonly heldGrowthBytes: number
  /** From the root to one of them, in the thread where they retain the most. */
  readonly path: string
  /** The most frequent functions among the new objects, with file and line; of closures these say more than the class. */
  readonly functions: readonly string[]
}

/** Below this a field is not worth a person's time. */
const BYTES_MIN = 1024

/**
 * What a field holds more, which is at most what is new in it: much that hangs below it may belong to fields further down.
 *
 * A list grows at its head: the field holds the newest link, as before, and each link the next
 * one; then the growth of the class tells that what is new did not come in the place of something that went.
 */
function grownBy(cluster: GrowthCluster, classes: readonly ClassGrowth[]): number {
  const { className, heldAfter, heldBefore, shallow, code } = cluster
  const ofClass = classes.find(({ name }) => name === className)?.shallowGrowth ?? 0
  return Math.min(shallow, Math.max(heldAfter.bytes - heldBefore.bytes, ofClass)) - code
}

/** Of all threads together, the same field being one suspect; the target's own first, then by what the field grew by. */
export function suspectsOf({ soak }: Evidence): Suspect[] {
  const byField = new Map<string, { cluster: GrowthCluster; suspect: Suspect }>()
  for (const { thread, growth } of soak?.threads ?? []) {
    for (const cluster of growth?.clusters ?? []) {
      const key = `${cluster.owner} ${cluster.field}`
      const known = byField.get(key)
      const largest = !known || cluster.retained > known.cluster.retained ? cluster : known.cluster
      byField.set(key, {
        cluster: largest,
        suspect: {
          field: cluster.field,
          className: largest.className,
          category: largest.category,
          owner: cluster.owner,
          threads: [...new Set([...(known?.suspect.threads ?? []), thread])],
          count: (known?.suspect.count ?? 0) + cluster.count,
          retainedBytes: (known?.suspect.retainedBytes ?? 0) + cluster.retained,
          heldGrowthBytes: (known?.suspect.heldGrowthBytes ?? 0) + grownBy(cluster, growth?.classes ?? []),
          path: largest.path,
          functions: largest.functions,
        },
      })
    }
  }
  return [...byField.values()]
    .map(({ suspect }) => suspect)
    .filter(({ retainedBytes }) => retainedBytes >= BYTES_MIN)
    .sort((one, other) => other.heldGrowthBytes - one.heldGrowthBytes)
}
