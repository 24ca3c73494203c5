import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Pauses } from '../pauses.js'

let collect: ((options?: { readonly type: 'minor' }) => void) | undefined

/**
 * Collects the garbage of the calling thread, now and fully, and answers with the milliseconds that it stood still.
 *
 * Node shows `gc` only to processes started with `--expose-gc`. V8 takes that flag at any time, and gives the function to
 * every context made from then on, also in a worker; so nobody has to start Busbar in a special way.
 *
 * The memory of buffers that went is given back beside the thread, so `external` would be too high by an accidental amount;
 * a collection of the young waits for that first, and has nothing else to do.
 */
export function collectGarbage(pauses: Pauses): number {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as NonNullable<typeof collect>
  }
  const full = collect
  return pauses.measure(() => {
    full()
    full({ type: 'minor' })
  }).pauseMs
}
