import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'

/** Does the work, and tells whether this thread collected garbage meanwhile. */
export async function collectedDuring(work: () => void | Promise<void>): Promise<boolean> {
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length
  })
  observer.observe({ entryTypes: ['gc'] })
  await work()
  // Entries come with a turn of the event loop.
  await setImmediate()
  await setImmediate()
  observer.disconnect()
  return collections > 0
}
