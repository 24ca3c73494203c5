import { bytesPerCall as bytesOf } from '../src/profiler/allocation-rate.js'
import type { Loop } from '../src/profiler/turns.js'

/** Flags of a process whose young generation holds the garbage of all calls measured, so that nothing is collected meanwhile. */
export const roomForAllocation = ['--min-semi-space-size=256', '--max-semi-space-size=256']

/** Throws if garbage was collected all along: nothing was measured then. */
export async function bytesPerCall(loop: Loop): Promise<number> {
  const bytes = await bytesOf(loop, { calls: 1_000_000, stretches: 3 })
  if (bytes === undefined) throw new Error('garbage was collected in every stretch: nothing was measured')
  return bytes
}
