import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'
import { EventKind } from '../../../src/breaker/events/event.js'
import { End, type Memory } from './rig.js'

/** What a thread of these tests does from its beginning on. */
export type Task =
  /** Hears of everything, and posts it; says `ready` first. */
  | 'listen'
  /** Collects calls, and posts them all when it hears of a restored thread; says `ready` first. */
  | 'collect'
  /** Waits for a message, then tells of so many calls, and says `told`. */
  | 'tell'
  /** Tells of calls until it is terminated. */
  | 'tell for ever'
  /** Listens, and has nothing else to do. */
  | 'idle'

/** All that a thread collected: `slot:number` of each call, in the order in which it heard of them. */
export interface Collection {
  readonly calls: readonly string[]
  readonly lost: number
}

export function startThread(handle: Memory['handle'], task: Task): Worker {
  return new Worker(new URL(import.meta.url), { workerData: { handle, task } })
}

if (!isMainThread && workerData?.task) perform(new End(workerData.handle, threadId), workerData.task)

function perform(end: End, task: Task): void {
  switch (task) {
    case 'listen':
      end.events.on('transition', ({ from, to, epoch }) => parentPort?.postMessage(`${from} → ${to} in epoch ${epoch}`))
      for (const type of ['success', 'stale', 'lease-reclaimed'] as const) {
        end.events.on(type, ({ thread, atMs }) => parentPort?.postMessage(`${type} of thread ${thread} at ${atMs}`))
      }
      stayAlive()
      parentPort?.postMessage('ready')
      return
    case 'collect': {
      const calls: string[] = []
      let lost = 0
      end.events.on('success', (event) => {
        calls.push(`${event.thread}:${event.atMs}`)
        lost += event.lost
      })
      end.events.on('thread-restored', () => parentPort?.postMessage({ calls, lost }))
      stayAlive()
      parentPort?.postMessage('ready')
      return
    }
    case 'tell':
      parentPort?.once('message', (count: number) => {
        for (let number = 0; number < count; number++) end.log.emit(EventKind.success, number, number, number)
        parentPort?.postMessage('told')
      })
      return
    case 'tell for ever':
      for (let number = 0; ; number++) end.log.emit(EventKind.success, number, number, number)
    case 'idle':
      end.events.on('transition', () => undefined)
      end.events.on('success', () => undefined)
  }
}

/** Listening alone would let the thread end. */
function stayAlive(): void {
  parentPort?.on('message', () => undefined)
}
