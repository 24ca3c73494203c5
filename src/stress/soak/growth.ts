import type { SoakRest } from '../../evidence.js'
import type { HeapGrowth } from '../../profiler/heap/growth.js'

/**
 * What one thread's snapshots say: from its first to its last, with one in the middle where there is one. What can't be
 * read is noted; it costs the names of what grew, not the answer whether anything did.
 */
export async function growthBetween(
  rests: readonly SoakRest[],
  note: (text: string) => void,
): Promise<HeapGrowth | undefined> {
  const files = rests.flatMap(({ snapshot }) => snapshot?.file ?? [])
  const [first] = files
  const last = files.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  const middle = files.length > 2 ? files[files.length >> 1] : undefined
  try {
    const { compareSnapshots } = await import('../../profiler/heap/compare.js')
    return await compareSnapshots(first, last, middle)
  } catch (error) {
    note(`its snapshots were not compared: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
