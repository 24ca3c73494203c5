import { Session } from 'node:inspector/promises'
import { type AllocationData, writeAllocationProfile } from '../profile-file.js'
import { type NativeProfiler, normaliseAllocations } from './native-profile.js'
import { type LoadNative, once, type ProfilerKind, type RunningProfile, startWith } from './running-profile.js'

/**
 * On average one sample every so many bytes. V8's own 512 KiB would see a leak of 40 bytes a call, 5,000 times a second,
 * once in three seconds; at 32 KiB a thread that allocates a lot is a seventh slower.
 */
const SAMPLE_EVERY_BYTES = 128 * 1024
/** Frames of a stack that are kept; asynchronous code is seldom deeper. */
const DEPTH = 128

/**
 * Begins a sampling heap profile of the calling thread: who allocates what is still alive when it ends. What the collector
 * took away before is not in it, nor what was allocated before it began. A thread takes one at a time.
 *
 * The end costs a full collection. The catch of native CPU profiles is not one of these; runs that kill their workers
 * ask for `inspector` all the same, and have one profiler for both.
 */
export function startAllocationProfile(kind: ProfilerKind, loadNative?: LoadNative): Promise<RunningProfile> {
  return startWith(kind, { native: startNative, inspector: startInspector }, loadNative)
}

function startNative(profiler: NativeProfiler): RunningProfile {
  profiler.startSamplingHeapProfiling(SAMPLE_EVERY_BYTES, DEPTH)
  return {
    kind: 'native',
    stop: once(async (file) => {
      const { head } = profiler.stopSamplingHeapProfiling()
      await writeAllocationProfile(file, normaliseAllocations(head, SAMPLE_EVERY_BYTES))
    }),
  }
}

async function startInspector(): Promise<RunningProfile> {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.enable')
  await session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLE_EVERY_BYTES, stackDepth: DEPTH })
  return {
    kind: 'inspector',
    stop: once(async (file) => {
      const { profile } = await session.post('HeapProfiler.stopSampling')
      session.disconnect()
      // The typings are those of an older protocol: they lack `samples`.
      await writeAllocationProfile(file, profile as AllocationData)
    }),
  }
}
