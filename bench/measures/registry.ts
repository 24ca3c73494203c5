import { BreakerRegistry } from '../../src/index.js'
import type { Effort, Measure } from '../measure.js'
import { row } from '../row.js'

/** What a breaker takes in a registry of a thousand: of shared memory once, of its own heap each thread that uses it. */
const BREAKERS = 1000

export const measures: readonly Measure[] = [
  {
    name: 'registry-bytes',
    execArgv: ['--expose-gc'],
    async run(_effort: Effort) {
      const registry = BreakerRegistry.create({ capacity: BREAKERS })
      registry.breaker('0')
      const before = heapUsed()
      const began = performance.now()
      for (let index = 1; index < BREAKERS; index++) registry.breaker(String(index))
      const tookMs = performance.now() - began
      const heap = (heapUsed() - before) / (BREAKERS - 1)
      const shared = registry.handle.buffer.byteLength / BREAKERS
      registry.detach()
      return [
        row({
          title: 'a breaker in a registry of 1,000, for 16 threads',
          figures: [
            { name: 'created and attached in', value: (tookMs * 1000) / (BREAKERS - 1), unit: 'µs' },
            { name: 'heap of each thread that uses it', value: heap, unit: 'bytes' },
          ],
          reading: 'shared memory a breaker',
          result: shared,
          unit: 'bytes',
        }),
      ]
    },
  },
]

function heapUsed(): number {
  if (!globalThis.gc) throw new Error('this process can’t collect its garbage')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
