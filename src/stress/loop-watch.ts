import type { ThreadStage } from '../evidence.js'
import { type ThreadTime, threadTime } from '../profiler/thread-time.js'
import { DelayHistogram, type LoopTime, loopTime } from '../world/event-loop.js'

/** How often a thread's timer asks; what it fires later than this is the event loop's delay. */
export const TICK_EVERY_MS = 10

/**
 * Watches the event loop of the thread that it is made in, stage by stage: how long it was busy, how late a timer fired, how long
 * it computed and how long it waited for a processor. A stage is told apart by the tick that first sees it, so up to one tick of
 * the stage before is on its account.
 */
export class LoopWatch {
  readonly #delays = new DelayHistogram()
  readonly #stages: ThreadStage[] = []
  /** A thread that blocks by plan is late by plan. */
  readonly #hasDelays: boolean
  readonly #readLoop: () => LoopTime
  readonly #readThread: () => ThreadTime | undefined
  #stage = -1
  #loop: LoopTime
  #thread: ThreadTime | undefined
  #tickedMs: number

  constructor(nowMs: number, hasDelays: boolean, readLoop = loopTime, readThread = threadTime) {
    this.#hasDelays = hasDelays
    this.#readLoop = readLoop
    this.#readThread = readThread
    this.#loop = readLoop()
    this.#thread = readThread()
    this.#tickedMs = nowMs
  }

  /** By a timer, every `TICK_EVERY_MS`; `stage` as the gate has it. */
  tick(nowMs: number, stage: number): void {
    const delayMs = nowMs - this.#tickedMs - TICK_EVERY_MS
    this.#tickedMs = nowMs
    if (stage !== this.#stage) this.#enter(stage)
    if (this.#hasDelays) this.#delays.record(Math.max(0, delayMs))
  }

  /** One a stage that the thread has seen, the drain among them; the one that goes on ends here. */
  stages(): readonly ThreadStage[] {
    this.#enter(-1)
    return this.#stages
  }

  #enter(stage: number): void {
    const loop = this.#readLoop()
    const thread = this.#readThread()
    if (this.#stage >= 0) this.#stages.push(this.#ended(loop, thread))
    this.#stage = stage
    this.#loop = loop
    this.#thread = thread
    this.#delays.reset()
  }

  #ended(loop: LoopTime, thread: ThreadTime | undefined): ThreadStage {
    const busyMs = loop.busyMs - this.#loop.busyMs
    const allMs = busyMs + loop.idleMs - this.#loop.idleMs
    const delay = this.#delays.summary()
    const before = this.#thread
    return {
      stage: this.#stage,
      utilization: allMs > 0 ? Math.min(1, busyMs / allMs) : 0,
      ...(delay ? { delay } : {}),
      ...(thread && before ? { cpuMs: thread.cpuMs - before.cpuMs, queuedMs: thread.queuedMs - before.queuedMs } : {}),
    }
  }
}
