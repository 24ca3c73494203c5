import type { SoakRest } from '../../evidence.js'
import type { HeapGrowth } from '../../profiler/heap/growth.js'

/** Beyond these a person reads no more, and a report of a hundred threads would be a book. */
const LISTED_MAX = 15

/**
 * What one thread's snapshots say: from its first to its last, with one in the middle where there is one. What can't be
 * read is noted; it costs the names of what grew, not the answer whether anything did.
 */
export async function growthBetween(
  rests: readonly SoakRest[],
  note: (text: string) => void,
): Promise<HeapGrowth | undefined> {
  const files = rests.flatMap(({ snapshot }) => snapshot?.file ?? [])
  const [before] = files
  const after = files.at(-1)
  if (before === undefined || after === undefined || before === after) return undefined
  const between = files.length > 2 ? files[files.length >> 1] : undefined
  try {
    const { compareSnapshots } = await import('../../profiler/heap/compare-snapshots.js')
    const { ownerByScript } = await import('../../profiler/heap/clusters.js')
    return await compareSnapshots(
      { before, after, between },
      { ownerOf: ownerByScript(isEngine), classesMax: LISTED_MAX, clustersMax: LISTED_MAX },
    )
  } catch (error) {
    note(`its snapshots were not compared: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

const own = new URL('../../../', import.meta.url).href
const ofEngine = ['src/stress/', 'src/downstream/', 'src/profiler/', 'src/catalog', 'workers/'].map(
  (part) => own + part,
)

/** The engine's own files, and the library that its control plane is; the targets, and the breaker itself, are under test. */
export function isEngine(script: string): boolean {
  return ofEngine.some((part) => script.startsWith(part)) || /\/node_modules\/(comlink|piscina|undici)\//.test(script)
}
