import { setTimeout as sleep } from 'node:timers/promises'
import { type Downstream, DownstreamError, type DownstreamRequest } from '../../downstream.js'
import type { ErrorRecord } from '../../evidence.js'
import type { Plan } from '../../plan.js'
import type { Pauses } from '../../profiler/pauses.js'
import { heapHeldMb } from '../../profiler/resources.js'
import { levelOf } from '../../stage-load.js'
import { type AttachedTarget, Outcome } from '../../target.js'
import { monotonicClock } from '../../world/clock.js'
import { type Arena, HistogramKind } from '../arena.js'
import { bucketOf } from '../histogram.js'
import { ended, type Journal } from '../journal.js'
import type { SelfSampler } from '../soak/self-sampler.js'
import { mayNotice } from './noticing.js'
import { Payload } from './payload.js'

const PUBLISH_EVERY_MS = 10
/** A turn of the event loop costs some 30 µs; a hundred threads that turn too often spend a core on it. */
const TURN_EVERY_MS = 50
const HEAP_EVERY_MS = 100
const REST_LOOK_EVERY_MS = 5
const ERRORS_KEPT = 5

/** One request at a time: what a client of a closed load is, and what an arrival of an open load borrows. */
export interface Client {
  readonly request: DownstreamRequest
  readonly body: () => Promise<void>
  readonly blockingBody: () => void
  /** What the downstream threw at the current call. */
  failure: unknown
}

/**
 * What all clients of one worker share: where the run stands, and where their calls are recorded.
 *
 * A call counts as started in the stage in which it asked for its ticket, and its outcome and latency in the stage in
 * which it ended. What belongs to a stage (its deadline, its histograms) is looked up when the stage changes and kept,
 * so a call costs two loads of the gate, a few additions on the worker's own lines, one clock read, and no allocation.
 */
export class Session {
  readonly plan: Plan
  readonly target: AttachedTarget
  readonly downstream: Downstream
  readonly journal: Journal
  readonly openedMs: number
  readonly #arena: Arena
  readonly #slot: number
  readonly #pauses: Pauses
  readonly #errors: { error: unknown; atMs: number }[] = []
  #errorCount = 0
  #stage = -2
  #deadlineMs = 0
  #requests = Number.POSITIVE_INFINITY
  #isReference = false
  #isWithin = true
  #level = 0
  #watchRefusals = false
  #letThrough: Uint32Array = new Uint32Array()
  #refused: Uint32Array = new Uint32Array()
  readonly #sampler: SelfSampler | undefined
  readonly #callsSoFar = () => {
    const { started, outcomes } = this.journal.counts()
    return { calls: started, inFlight: started - ended(outcomes) }
  }
  #publishedMs = 0
  #turnedMs = 0
  #heapMs = 0

  constructor(
    plan: Plan,
    arena: Arena,
    slot: number,
    journal: Journal,
    target: AttachedTarget,
    downstream: Downstream,
    pauses: Pauses,
    sampler?: SelfSampler,
  ) {
    this.plan = plan
    this.target = target
    this.downstream = downstream
    this.journal = journal
    this.openedMs = arena.gate.startMs(0) ?? monotonicClock.nowMs()
    this.#arena = arena
    this.#slot = slot
    this.#pauses = pauses
    this.#sampler = sampler
  }

  client(): Client {
    const request = { intendedMs: 0 }
    const { downstream } = this
    const { payloadBytes } = this.plan
    const payload = payloadBytes === undefined ? undefined : new Payload(payloadBytes)
    const failed = (failure: unknown) => {
      client.failure = failure
      throw failure
    }
    const client: Client = {
      request,
      failure: undefined,
      body:
        payload === undefined
          ? () => downstream.call(request).catch(failed)
          : () => {
              payload.take()
              return downstream.call(request).catch(failed).finally(payload.drop)
            },
      blockingBody: () => {
        payload?.take()
        try {
          downstream.callBlocking(request)
        } catch (failure) {
          failed(failure)
        } finally {
          payload?.drop()
        }
      },
    }
    return client
  }

  /** False once the run rests or drains, or goes on at another level than the load began with. */
  goesOn(): boolean {
    return this.#isWithinLoad(this.#arena.gate.stage())
  }

  /**
   * Waits while the run rests; then a load may begin, at the level that is asked for now. Resolves with when the stage began that
   * ended the rest, 0 if there was none, and with undefined once the run drains. Whoever asks has no call in flight.
   */
  async nextLoad(): Promise<number | undefined> {
    const { gate, shape } = this.#arena
    let hasRested = false
    for (let stage = gate.stage(); ; stage = gate.stage()) {
      if (stage >= shape.stages) return undefined
      if (this.plan.stages[stage]?.role !== 'rest') {
        this.journal.publishRest(undefined)
        this.#level = levelOf(this.plan, stage)
        // What is kept of the stage says that it is not for the level before.
        this.#stage = -2
        return hasRested ? (gate.startMs(stage) ?? 0) : 0
      }
      hasRested = true
      this.journal.publishRest(stage)
      await sleep(REST_LOOK_EVERY_MS)
    }
  }

  /** Requests in flight, over all workers, with which the current load began. */
  get level(): number {
    return this.#level
  }

  /** Counts a request as started; returns false if none may start, as the load is over. */
  start(nowMs: number): boolean {
    if (!this.take(nowMs)) return false
    if (!this.#isReference) this.countStarted()
    return true
  }

  /** As `start`, for a request of which it is not known yet whether it will be made. */
  take(nowMs: number): boolean {
    const { gate } = this.#arena
    for (let stage = gate.stage(); ; stage = gate.stage()) {
      if (stage !== this.#stage) this.#enter(stage)
      if (!this.#isWithin) return false
      if (nowMs >= this.#deadlineMs) {
        gate.advance(stage)
        // A stage that is held goes on past its deadline.
        if (gate.stage() !== stage) continue
      } else if (!gate.takeTicket(stage, this.#requests)) continue
      return true
    }
  }

  /** The request that asked last for leave to start does. */
  countStarted(): void {
    this.journal.countStarted(this.#stage)
  }

  get isWarmUp(): boolean {
    return this.plan.stages[this.#stage]?.role === 'warm-up'
  }

  /** Whether the call that was just started is to be made bare: in a reference stage nothing but its duration is counted. */
  get isReference(): boolean {
    return this.#isReference
  }

  endReference(client: Client): void {
    client.failure = undefined
    // It may end in the stage after: its time is a client's time there, as that of a call which ends in a reference is here.
    const { gate, shape } = this.#arena
    const stage = gate.stage()
    if (stage > shape.stages) return
    this.journal.addIntended(stage, Math.round(client.request.intendedMs * 1000))
  }

  /**
   * Records how a call ended. In the open model `sinceMs` is when it should have started.
   *
   * What fell into it of this thread's pauses is taken out of its latency, as the breaker has nothing to do with them. The
   * backend goes on meanwhile, so a call is never told to have taken less than its backend meant to take.
   */
  end(client: Client, outcome: Outcome, sinceMs: number, nowMs: number): void {
    const { gate, shape } = this.#arena
    const stage = gate.stage()
    if (stage !== this.#stage) this.#enter(stage)
    // Past the drain's limit others may already be reading; this worker is reported as silent.
    if (stage > shape.stages) return
    this.journal.countOutcome(stage, outcome)
    const latencyMs = nowMs - sinceMs
    const pausedMs = this.#pauses.between(sinceMs, nowMs)
    const intendedMs = outcome === Outcome.refused ? 0 : client.request.intendedMs
    const ownMs = pausedMs === 0 ? latencyMs : Math.max(latencyMs - pausedMs, Math.min(latencyMs, intendedMs))
    const bucket = bucketOf(Math.round(Math.min(ownMs * 1000, 2 ** 30)))
    if (outcome === Outcome.refused) {
      this.#refused[bucket] = (this.#refused[bucket] as number) + 1
      if (this.#watchRefusals) this.journal.noteRefusal(nowMs - this.openedMs)
    } else {
      this.#letThrough[bucket] = (this.#letThrough[bucket] as number) + 1
      this.journal.addIntended(stage, Math.round(client.request.intendedMs * 1000))
    }
    if (client.failure !== undefined) this.#noteFailure(client, outcome, stage, nowMs)
  }

  /** Publishes what the coordinator watches, if it is time to. */
  publish(nowMs: number): void {
    if (nowMs - this.#publishedMs < PUBLISH_EVERY_MS) return
    this.#publishedMs = nowMs
    this.journal.publishCircuit(this.target.state())
    // Only where a worker may be killed, or die of its heap, can its probes not be asked for later.
    if (this.plan.kills > 0 || this.plan.exhaustion) this.journal.probes.write(this.target.observe().probes ?? [])
    if (nowMs - this.#heapMs >= HEAP_EVERY_MS) {
      this.#heapMs = nowMs
      this.journal.publishHeap(heapHeldMb())
    }
    this.#sampler?.look(nowMs - this.openedMs, this.#arena.gate.stage(), this.#callsSoFar)
  }

  /** Whether a thread that blocks should let its event loop turn, for the breaker's timers and the control plane. */
  isTurnDue(nowMs: number): boolean {
    // A breaker that blocks with the thread has timers of its own only for its events; others live by theirs.
    if (nowMs - this.#turnedMs < (this.target.callBlocking ? TURN_EVERY_MS : PUBLISH_EVERY_MS)) return false
    this.#turnedMs = nowMs
    return true
  }

  /** True when timers have not fired for long: clients that never wait would starve every timer of this thread. */
  isStarving(nowMs: number): boolean {
    return nowMs - this.#publishedMs > 5 * PUBLISH_EVERY_MS
  }

  lastErrors(worker: number): ErrorRecord[] {
    return this.#errors.map(({ error, atMs }) => errorRecord(error, { atMs, worker })).sort(byTime)
  }

  #isWithinLoad(stage: number): boolean {
    if (stage >= this.#arena.shape.stages || this.plan.stages[stage]?.role === 'rest') return false
    return levelOf(this.plan, stage) === this.#level
  }

  #noteFailure(client: Client, outcome: Outcome, stage: number, nowMs: number): void {
    const { failure } = client
    client.failure = undefined
    if (outcome === Outcome.error && failure instanceof DownstreamError && failure.failure === 'timeout') {
      this.journal.countTimeout(stage)
    }
    this.#errors[this.#errorCount++ % ERRORS_KEPT] = { error: failure, atMs: nowMs - this.openedMs }
  }

  #enter(stage: number): void {
    const { gate, shape } = this.#arena
    this.#stage = stage
    const current = this.plan.stages[stage]
    this.#deadlineMs = current ? (gate.startMs(stage) ?? 0) + current.durationMs : Number.POSITIVE_INFINITY
    // Every stage takes tickets, so that a warm-up compiles the very path that is measured after it.
    this.#requests = current?.requests ?? Number.POSITIVE_INFINITY
    this.#isReference = current?.role === 'reference'
    this.#isWithin = this.#isWithinLoad(stage)
    this.#watchRefusals = current !== undefined && mayNotice(this.plan, stage)
    if (stage > shape.stages) return
    this.#letThrough = this.#arena.histogram(this.#slot, stage, HistogramKind.letThrough)
    this.#refused = this.#arena.histogram(this.#slot, stage, HistogramKind.refused)
  }
}

/** An error as plain data; structured clone would keep neither its code nor its class. */
export function errorRecord(error: unknown, where: Pick<ErrorRecord, 'atMs' | 'worker'> = {}): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), ...where }
  const { name, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { name, ...code, message, ...(stack === undefined ? {} : { stack }), ...where }
}

function byTime(one: ErrorRecord, other: ErrorRecord): number {
  return (one.atMs ?? 0) - (other.atMs ?? 0)
}
