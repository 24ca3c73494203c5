import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { expect } from 'chai'
import type { MemoryMap } from '../../../src/breaker/storage/memory-map.js'
import { countsOf } from '../../../src/breaker/threads/counters.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { type CountRules, End, life, mapWithRing } from './count-ends.js'

interface Job {
  readonly buffer: SharedArrayBuffer
  readonly ring: number
  readonly slot: number
  readonly rules: CountRules
  readonly times: number
  readonly failEvery: number
}

const THREADS = 4

if (isMainThread) describeThreads()
else record(workerData as Job)

/** In the worker: waits until all threads are there, so that they record at once. */
function record({ buffer, ring, slot, rules, times, failEvery }: Job): void {
  const cells = new AtomicCells(buffer)
  const map = mapWithRing(ring)
  const end = new End(cells, map, slot, rules)
  if (cells.add(map.size, 1) === THREADS - 1) cells.notify(map.size, THREADS)
  for (let here = cells.load(map.size); here < THREADS; here = cells.load(map.size)) {
    cells.wait(map.size, here, Number.POSITIVE_INFINITY)
  }
  for (let call = 1; call <= times; call++) end.record(call % failEvery === 0 ? 'failure' : 'success')
  parentPort?.postMessage(end.verdict)
}

async function recordOnThreads(ring: number, rules: CountRules, work: { times: number; failEvery: number }) {
  const map = mapWithRing(ring)
  const cells = AtomicCells.allocate(map.size + 1)
  cells.store(map.control, life(1))
  const workers = Array.from(
    { length: THREADS },
    (_, slot) =>
      new Worker(new URL(import.meta.url), { workerData: { buffer: cells.buffer, ring, slot, rules, ...work } }),
  )
  const answers = await Promise.all(workers.map((worker) => once(worker, 'message')))
  await Promise.all(workers.map((worker) => worker.terminate()))
  const verdicts = answers.flat() as number[]
  return { map, cells, verdicts, measure: new End(cells, map, 0, rules).window.measure(life(1)) }
}

/** The failures among the last calls, read from the format alone. */
function failuresInRing(cells: AtomicCells, map: MemoryMap, size: number): number {
  const head = cells.load(map.ringHead)
  const entries = Array.from({ length: size }, (_, index) => cells.load(map.ring(head - size + index)))
  return entries.filter((entry) => (entry & 3) === 3).length
}

function describeThreads(): void {
  describe('breaker: count window on real threads', () => {
    it('holds every call of every thread, none twice', async () => {
      const rules = { size: 2 ** 17, minimumCalls: 2 ** 17, failureRateThreshold: 1 }
      const { map, cells, measure } = await recordOnThreads(2 ** 18, rules, { times: 25_000, failEvery: 1000 })
      expect(measure).to.deep.equal({ calls: 100_000, failures: 100, slow: 0 })
      for (let slot = 0; slot < THREADS; slot++) {
        expect(countsOf(cells, map, slot)).to.include({ success: 24_975, error: 25 })
      }
    })

    it('holds the last calls alone, however often the ring came round', async () => {
      const rules = { size: 12, minimumCalls: 12, failureRateThreshold: 1 }
      const { map, cells, measure } = await recordOnThreads(16, rules, { times: 50_000, failEvery: 3 })
      expect(measure).to.deep.equal({ calls: 12, failures: failuresInRing(cells, map, 12), slow: 0 })
      expect(cells.load(map.ringHead)).to.equal(200_000)
    })

    it('never finds more failures than any order of the calls allows', async () => {
      // Each thread’s calls in the window are a run of its own: at most a third of them failed, and one more.
      const rules = { size: 1000, minimumCalls: 1000, failureRateThreshold: 0.35 }
      const { verdicts, measure } = await recordOnThreads(1024, rules, { times: 50_000, failEvery: 3 })
      expect(measure.failures).to.be.within(325, 340)
      expect(verdicts).to.deep.equal([0, 0, 0, 0])
    })
  })
}
