import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { AuditReader } from '../../../src/budget/audit/audit-reader.js'
import { newAudit, record } from './auditing.js'

const module = new URL('./thread.js', import.meta.url)
const THREADS = 3
const CAPACITY = 1024

describe('the audit on real threads', () => {
  const workers: Worker[] = []
  afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.terminate())))

  function start(buffer: SharedArrayBuffer, times: number): Worker[] {
    const started = Array.from(
      { length: THREADS },
      (_, thread) => new Worker(module, { workerData: { buffer, capacity: CAPACITY, thread, times } }),
    )
    workers.push(...started)
    return started
  }

  it('tells each record of each thread once and in order, or that it is lost', async () => {
    const times = 20_000
    const { cells, map } = newAudit(CAPACITY)
    const reader = new AuditReader(cells, map)
    const stop = new AbortController()
    const over = Promise.all(start(cells.buffer, times).map((worker) => once(worker, 'message'))).then(() =>
      stop.abort(),
    )
    const last = Array.from({ length: THREADS }, () => 0)
    let read = 0
    let lost = 0
    for await (const item of reader.follow(stop.signal)) {
      if ('lost' in item) {
        lost += item.lost
        continue
      }
      // A thread's records are numbered, and tell their thread in each field.
      const { amount, ...rest } = item
      expect(amount).to.be.above(last[item.thread] ?? Number.POSITIVE_INFINITY)
      last[item.thread] = amount
      const mark = item.thread
      const { amount: _, ...due } = record({ thread: mark, account: mark, operation: mark, rule: mark })
      expect(rest).to.deep.equal(due)
      read += 1
    }
    await over
    expect(read).to.be.above(0)
    expect(read + lost).to.equal(THREADS * times)
    expect(reader.lost).to.equal(lost)
  })

  it('goes on when threads are terminated while they write', async () => {
    const { cells, map, log } = newAudit(CAPACITY)
    const started = start(cells.buffer, Number.POSITIVE_INFINITY)
    while ((cells.load(map.head) | 0) < 20_000) await new Promise((resolve) => setTimeout(resolve, 5))
    await Promise.all(started.map((worker) => worker.terminate()))
    const reader = new AuditReader(cells, map, { from: 'now' })
    for (let amount = 1; amount <= CAPACITY; amount++) log.write(record({ amount }))
    const amounts = [...reader.drain()].map((item) => ('lost' in item ? item : item.amount))
    expect(amounts).to.deep.equal(Array.from({ length: CAPACITY }, (_, at) => at + 1))
  })
})
