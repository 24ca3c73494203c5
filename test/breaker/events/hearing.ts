import { EventKind, type LoggedEvent, type LoggedType } from '../../../src/breaker/events/event.js'
import type { End } from './rig.js'

/** Collects what an end hears of a type; `count(n)` comes back once it has heard n of them. */
export function hear<Type extends LoggedType>(end: End, type: Type) {
  const heard: LoggedEvent<Type>[] = []
  let wanted = { count: 0, resolve: () => {} }
  const listener = (event: LoggedEvent) => {
    heard.push(event as LoggedEvent<Type>)
    if (heard.length === wanted.count) wanted.resolve()
  }
  const stop = end.events.on(type, listener as never)
  return {
    heard,
    stop,
    times: () => heard.map(({ atMs }) => atMs),
    async count(count: number): Promise<LoggedEvent<Type>[]> {
      if (heard.length < count) await new Promise<void>((resolve) => (wanted = { count, resolve }))
      return heard
    },
  }
}

/** Tells of stale results at these times. */
export function tell(end: End, ...times: number[]): void {
  for (const time of times) end.log.emit(EventKind.stale, end.lifecycle.life.life, time, -1)
}

/** Turns of the event loop, each long enough for what was woken to run. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
