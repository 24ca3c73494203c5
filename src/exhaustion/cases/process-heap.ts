import type { ExhaustionCase, Holder } from '../../exhaustion-case.js'
import { UsualWork } from '../usual-work.js'

const HEAP_MB = 64

/**
 * A Map that grows in the coordinator's thread. V8 can't end one thread for it and aborts the process (nodejs/node #47224): all
 * that is left to show is that whoever started the process lives, and says so.
 */
class GrowingMap implements Holder {
  readonly #map = new Map<number, readonly number[]>()

  hold(): void {
    for (let key = 0; ; key += 1) this.#map.set(key, [key])
  }

  release(): void {
    this.#map.clear()
  }

  async close(): Promise<void> {
    this.release()
  }
}

const processHeap: ExhaustionCase = {
  missing: () => undefined,
  // This limit goes before those of worker threads (nodejs/node #43991), so no other case may have it.
  nodeOptions: [`--max-old-space-size=${HEAP_MB}`],
  open: async () => new GrowingMap(),

  operation({ folder }) {
    const work = new UsualWork(folder)
    return { run: () => work.run(), async close() {} }
  },
}

export default processHeap
