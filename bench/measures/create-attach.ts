import { do_not_optimize, measure as sample } from 'mitata'
import { SharedCircuitBreaker } from '../../src/index.js'
import { windows } from '../breakers.js'
import type { Effort, Measure } from '../measure.js'
import { row } from '../row.js'

/** What an application pays once a breaker, and once a thread. Each comes with its `detach`, or ends would pile up. */
export const measures: readonly Measure[] = [
  {
    name: 'create-attach',
    async run({ rounds, turnMs }: Effort) {
      const options = { min_cpu_time: rounds * turnMs * 1e6, gc: false }
      const create = await sample(() => {
        const breaker = SharedCircuitBreaker.create({ name: 'measured', slidingWindow: windows.time })
        do_not_optimize(breaker.name)
        breaker.detach()
      }, options)
      const { handle } = SharedCircuitBreaker.create({ name: 'measured', slidingWindow: windows.time })
      const attach = await sample(() => {
        const breaker = SharedCircuitBreaker.attach(handle)
        do_not_optimize(breaker.name)
        breaker.detach()
      }, options)
      return [
        row({
          title: 'create, then attach, for 64 threads',
          figures: [
            { name: 'create', value: create.p50 / 1000, unit: 'µs' },
            { name: 'attach', value: attach.p50 / 1000, unit: 'µs' },
            { name: 'shared memory', value: handle.buffer.byteLength, unit: 'bytes' },
          ],
          reading: 'create + attach, medians',
          result: (create.p50 + attach.p50) / 1000,
          unit: 'µs',
        }),
      ]
    },
  },
]
