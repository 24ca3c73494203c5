import { Session } from 'node:inspector/promises'
import { writeCpuProfile } from '../profile-file.js'
import { type NativeProfiler, normalise } from './native-profile.js'
import { type LoadNative, once, type ProfilerKind, type RunningProfile, startWith } from './running-profile.js'

/**
 * Begins a CPU profile of the calling thread, one sample a millisecond, about 1 % of its time.
 *
 * The catch: if a thread ends while its native profile runs, the whole process dies. So whoever starts one stops it first,
 * and runs that kill or exhaust their workers ask for `inspector`.
 *
 * `name` must differ from those of other profiles that this thread takes at the same time.
 */
export function startCpuProfile(kind: ProfilerKind, name: string, loadNative?: LoadNative): Promise<RunningProfile> {
  return startWith(kind, { native: (profiler) => startNative(profiler, name), inspector: startInspector }, loadNative)
}

function startNative(profiler: NativeProfiler, name: string): RunningProfile {
  profiler.setGenerateType(1)
  profiler.startProfiling(name, true)
  return {
    kind: 'native',
    stop: once(async (file) => {
      const profile = profiler.stopProfiling(name)
      try {
        await writeCpuProfile(file, normalise(profile))
      } finally {
        // V8 keeps an ended profile until it is told otherwise.
        profile.delete()
      }
    }),
  }
}

async function startInspector(): Promise<RunningProfile> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  return {
    kind: 'inspector',
    stop: once(async (file) => {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      const { nodes, startTime, endTime, samples = [], timeDeltas = [] } = profile
      await writeCpuProfile(file, { nodes, startTime, endTime, samples, timeDeltas })
    }),
  }
}
