import { Session } from 'node:inspector/promises'
import { loadNativeProfiler, normalise } from './native-profile.js'
import { reasonOf, writeProfile } from './profile-file.js'

export type ProfilerKind = 'native' | 'inspector'

/** A CPU profile of this thread that is being taken. */
export interface CpuProfile {
  /** What really takes it, which may not be what was asked for: then `note` says why. */
  readonly kind: ProfilerKind
  readonly note?: string
  /**
   * Ends the profile and writes it to `file`, making the folder where it is missing. Rejects with a `ProfilerError` if
   * it can't be written; the profile is ended all the same, so that the thread may end. A second call does nothing.
   */
  stop(file: string): Promise<void>
}

/**
 * Begins a CPU profile of the calling thread, one sample a millisecond, about 1 % of its time.
 *
 * `native` is v8-profiler-next, an optional dependency: where it is missing or doesn't load, node:inspector takes over
 * and `note` says so. The catch: if a thread ends while its native profile runs, the whole process dies. So whoever
 * starts one stops it first, and runs that kill or exhaust their workers ask for `inspector`.
 *
 * `name` must differ from those of other profiles that this thread takes at the same time.
 */
export async function startCpuProfile(
  kind: ProfilerKind,
  name: string,
  loadNative = loadNativeProfiler,
): Promise<CpuProfile> {
  if (kind === 'inspector') return startWithInspector()
  try {
    return startWithNative(await loadNative(), name)
  } catch (error) {
    return startWithInspector(
      `v8-profiler-next does not load (${reasonOf(error)}); node:inspector takes the CPU profiles`,
    )
  }
}

function startWithNative(profiler: Awaited<ReturnType<typeof loadNativeProfiler>>, name: string): CpuProfile {
  profiler.setGenerateType(1)
  profiler.startProfiling(name, true)
  return {
    kind: 'native',
    stop: once(async (file) => {
      const profile = profiler.stopProfiling(name)
      try {
        await writeProfile(file, normalise(profile))
      } finally {
        // V8 keeps an ended profile until it is told otherwise.
        profile.delete()
      }
    }),
  }
}

async function startWithInspector(note?: string): Promise<CpuProfile> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  return {
    kind: 'inspector',
    ...(note === undefined ? {} : { note }),
    stop: once(async (file) => {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      const { nodes, startTime, endTime, samples = [], timeDeltas = [] } = profile
      await writeProfile(file, { nodes, startTime, endTime, samples, timeDeltas })
    }),
  }
}

/** To stop a native profile that doesn't run kills the process, so the second call must never come through. */
function once(stop: (file: string) => Promise<void>): CpuProfile['stop'] {
  let stopped = false
  return async (file) => {
    if (stopped) return
    stopped = true
    await stop(file)
  }
}
