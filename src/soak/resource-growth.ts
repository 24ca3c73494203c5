import type { Evidence, SoakRest } from '../evidence.js'
import { restsAround } from './retained.js'

/** What there is more of, in one thread, after the soak than before it. */
export interface ResourceGrowth {
  /** Of what the threads share, the coordinator's rest tells: `process`. */
  readonly thread: string
  readonly what: string
  readonly before: number
  readonly after: number
  /** More than pools, timers and connections come and go by: it grows with the calls. */
  readonly isLeak: boolean
}

/** So many more are never worth a word: pools and keep-alive connections come and go. */
const COMING_AND_GOING = 20
const CALLS_PER_RESOURCE = 10_000

/** Whatever changed, the leaks first. */
export function resourceGrowth(evidence: Evidence): ResourceGrowth[] {
  const { soak, stages } = evidence
  const calls = stages.reduce((sum, { role, started }) => sum + (role === 'steady' ? started : 0), 0)
  const least = COMING_AND_GOING + calls / CALLS_PER_RESOURCE
  return (soak?.threads ?? [])
    .flatMap((thread, index) => {
      const rests = restsAround(evidence, thread, 'steady')
      if (!rests) return []
      const before = countsOf(rests.before, index === 0)
      const after = countsOf(rests.after, index === 0)
      return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
        const [scope, what = ''] = key.split('\t')
        const grown = { before: before.get(key) ?? 0, after: after.get(key) ?? 0 }
        return {
          thread: scope === 'process' ? 'process' : thread.thread,
          what,
          ...grown,
          isLeak: grown.after - grown.before > least,
        }
      })
    })
    .filter(({ before, after }) => before !== after)
    .sort((one, other) => other.after - other.before - (one.after - one.before))
}

function countsOf({ resources }: SoakRest, isCoordinator: boolean): Map<string, number> {
  const { handles, listeners, fileDescriptors, threads } = resources
  const counts = new Map<string, number>(Object.entries(handles).map(([type, count]) => [`thread\t${type}`, count]))
  counts.set('thread\tlisteners of process', listeners)
  if (isCoordinator && fileDescriptors !== undefined) counts.set('process\tfile descriptors', fileDescriptors)
  if (isCoordinator && threads !== undefined) counts.set('process\tthreads', threads)
  return counts
}
