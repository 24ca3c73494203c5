import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { type BreakerHandle, SharedCircuitBreaker } from '../../../src/index.js'

/** How many run at a time. */
const THREADS = 4
/** How long a thread that keeps everybody out may go unnoticed before the test says that the circuit is wedged. */
const WEDGED_MS = 10_000
/** Lives whose probes are counted, in turn. */
const LIVES = 2 ** 16

export const herdRules = {
  maxThreads: 8,
  slidingWindow: { type: 'time', durationMs: 100, buckets: 10 },
  minimumCalls: 5,
  failureRateThreshold: 0.5,
  waitDurationInOpenStateMs: 0.2,
  permittedNumberOfCallsInHalfOpenState: 3,
  maxConcurrentCalls: 6,
  leaseDurationMs: 600_000,
} as const

/** What the threads write for the one that kills them. */
interface Notes {
  /** For each life, by turns: its epoch, and how many probes were admitted. */
  readonly probes: Int32Array
  /** For each thread: 1 with a call under way, 2 with a probe. */
  readonly holds: Int32Array
}

/**
 * Threads that call without a pause until each is terminated in turn, and another takes its place.
 *
 * Checked throughout: after each death the circuit admits somebody; and no half-open life admits more probes than are
 * permitted and died threads gave back. No lease ends by time here.
 */
export class Herd {
  diedWithSeat = 0
  diedWithProbe = 0
  readonly #notes: Notes = {
    probes: new Int32Array(new SharedArrayBuffer(LIVES * 8)),
    holds: new Int32Array(new SharedArrayBuffer(THREADS * 4)),
  }
  readonly #workers: Worker[] = []
  #failure: unknown

  constructor(private readonly breaker: SharedCircuitBreaker) {}

  async kill(count: number): Promise<void> {
    for (let index = 0; index < THREADS; index++) this.#start(index)
    for (let killed = 0; killed < count; killed++) {
      const index = killed % THREADS
      await this.#isAtWork(index)
      await this.#dies(this.#workers[index] as Worker, index)
      this.#start(index)
      await this.#admitsSomebody(killed)
      if (this.#failure) throw this.#failure
    }
  }

  async end(): Promise<void> {
    for (const worker of this.#workers) await this.#terminate(worker)
  }

  #start(index: number): void {
    Atomics.store(this.#notes.holds, index, NOT_AT_WORK)
    const data: Data = { handle: this.breaker.handle, notes: this.#notes, index }
    const worker = new Worker(new URL(import.meta.url), { workerData: data })
    worker.on('error', (error) => {
      this.#failure = error
    })
    this.#workers[index] = worker
  }

  async #isAtWork(index: number): Promise<void> {
    const giveUpMs = performance.now() + WEDGED_MS
    while (Atomics.load(this.#notes.holds, index) === NOT_AT_WORK) {
      if (this.#failure) throw this.#failure
      if (performance.now() > giveUpMs) throw new Error(`thread ${index} did not begin`)
      await after(1)
    }
  }

  async #dies(worker: Worker, index: number): Promise<void> {
    const before = this.breaker.snapshot().epoch
    await this.#terminate(worker)
    const held = Atomics.load(this.#notes.holds, index)
    if (held > 0) this.diedWithSeat += 1
    if (held === 2) this.diedWithProbe += 1
    this.#checkProbes(before, this.breaker.snapshot().epoch)
  }

  async #terminate(worker: Worker): Promise<void> {
    const exited = once(worker, 'exit')
    await worker.terminate()
    await exited
  }

  /** One died meanwhile, and may have given back a permission in any of these lives. */
  #checkProbes(from: number, to: number): void {
    const { probes } = this.#notes
    for (let epoch = Math.max(from, to - LIVES + 1); epoch <= to; epoch++) {
      const place = (epoch % LIVES) * 2
      const admitted = Atomics.load(probes, place + 1)
      if (Atomics.load(probes, place) !== epoch) continue
      const most = herdRules.permittedNumberOfCallsInHalfOpenState + 1
      if (admitted > most) throw new Error(`life ${epoch} admitted ${admitted} probes, ${most} may have gone`)
    }
  }

  /** This thread calls too: before long it is admitted, or somebody else was. */
  async #admitsSomebody(killed: number): Promise<void> {
    const { breaker } = this
    const giveUpMs = performance.now() + WEDGED_MS
    const { success } = breaker.snapshot().total
    for (;;) {
      const permission = breaker.tryAcquirePermission()
      if (permission !== 0) {
        breaker.onSuccess(permission)
        return
      }
      if (breaker.snapshot().total.success > success) return
      if (performance.now() > giveUpMs) {
        throw new Error(`wedged after ${killed} deaths: ${JSON.stringify(breaker.snapshot())}`)
      }
      await after(1)
    }
  }
}

interface Data {
  readonly handle: BreakerHandle
  readonly notes: Notes
  readonly index: number
}

const NOT_AT_WORK = -1

if (!isMainThread && workerData?.notes) toil(workerData)

/** Calls until it is killed. A third of the time, 32 calls long, the backend fails. */
function toil({ handle, notes, index }: Data): void {
  const breaker = SharedCircuitBreaker.attach(handle)
  const { probes, holds } = notes
  Atomics.store(holds, index, 0)
  for (let call = index; ; call++) {
    const permission = breaker.tryAcquirePermission()
    if (permission === 0) continue
    const isProbe = breaker.isProbe(permission)
    if (isProbe) countProbe(probes, breaker.epochOf(permission))
    Atomics.store(holds, index, isProbe ? 2 : 1)
    let work = 0
    for (let turn = 0; turn < 2000; turn++) work += turn
    if ((call >>> 5) % 3 === 0 && work > 0) breaker.onError(permission)
    else if (call % 7 === 0 && !isProbe) breaker.releasePermission(permission)
    else breaker.onSuccess(permission)
    Atomics.store(holds, index, 0)
  }
}

/** The first probe of a life writes its epoch over that of an earlier one. */
function countProbe(probes: Int32Array, epoch: number): void {
  const place = (epoch % LIVES) * 2
  const found = Atomics.load(probes, place)
  if (found !== epoch && Atomics.compareExchange(probes, place, found, epoch) === found)
    Atomics.store(probes, place + 1, 0)
  Atomics.add(probes, place + 1, 1)
}
