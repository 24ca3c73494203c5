import { reasonOf } from '../profile-file.js'
import { loadNativeProfiler, type NativeProfiler } from './native-profile.js'

export type ProfilerKind = 'native' | 'inspector'

/** A profile of this thread that is being taken. */
export interface RunningProfile {
  /** What really takes it, which may not be what was asked for: then `note` says why. */
  readonly kind: ProfilerKind
  readonly note?: string
  /**
   * Ends the profile and writes it to `file`, making the folder where it is missing. Rejects with a `ProfilerError` if
   * it can't be written; the profile is ended all the same, so that the thread may end. A second call does nothing.
   */
  stop(file: string): Promise<void>
}

export type LoadNative = () => Promise<NativeProfiler>

export interface Profilers {
  readonly native: (profiler: NativeProfiler) => RunningProfile
  readonly inspector: () => Promise<RunningProfile>
}

/**
 * Starts a profile with the profiler that was asked for. `native` is v8-profiler-next, an optional dependency: where it is
 * missing or doesn't load, node:inspector takes over and `note` says so.
 */
export async function startWith(
  kind: ProfilerKind,
  { native, inspector }: Profilers,
  loadNative: LoadNative = loadNativeProfiler,
): Promise<RunningProfile> {
  if (kind === 'inspector') return inspector()
  try {
    return native(await loadNative())
  } catch (error) {
    const note = `v8-profiler-next does not load (${reasonOf(error)}); node:inspector takes the profiles`
    return { ...(await inspector()), note }
  }
}

/** To stop a native profile that doesn't run kills the process, so the second call must never come through. */
export function once(stop: (file: string) => Promise<void>): RunningProfile['stop'] {
  let stopped = false
  return async (file) => {
    if (stopped) return
    stopped = true
    await stop(file)
  }
}
