import { setTimeout as sleep } from 'node:timers/promises'
import type { CircuitState } from '../breaker/life/control-word.js'
import type { EngineOptions } from '../engine.js'
import type { ThreadStage } from '../evidence.js'
import { firstMeasured, type Plan } from '../plan.js'
import { inFlightMax } from '../stage-load.js'
import type { Target } from '../target.js'
import { monotonicClock } from '../world/clock.js'
import type { Arena } from './arena.js'
import type { Crew } from './crew.js'
import { Kills } from './kills.js'
import { LiveLatency } from './live-latency.js'
import { LoopWatch, TICK_EVERY_MS } from './loop-watch.js'
import { Rests, type Visit } from './rests.js'
import { SAMPLE_EVERY_MS, Sampler } from './sampling.js'
import type { Soaking } from './soak/soaking.js'

const LOOK_EVERY_MS = 10
/** What is kept of each sample is 400 bytes that stay. */
const SOAK_SAMPLE_EVERY_MS = 2000
/** What the drain may take beyond the timeout of its last call. */
const DRAIN_MARGIN_MS = 5000

/** Watches a run from the gate's opening to the last worker's answer: ends stages, takes samples, kills, tells progress. */
export class Overseer {
  readonly sampler: Sampler
  interrupted = false
  /** What the coordinator's own event loop did, once the run has ended. */
  watchedStages: readonly ThreadStage[] = []
  readonly #plan: Plan
  readonly #target: Target
  readonly #arena: Arena
  readonly #crew: Crew
  readonly #options: EngineOptions
  readonly #kills: Kills
  readonly #rests: Rests
  readonly #latency: LiveLatency
  readonly #soaking: Soaking | undefined
  readonly #openedMs: number
  readonly #baselineStage: number
  #hasBaseline = false
  #allDied = false
  #wasHeld = false

  /** `visit`: what is done whenever the plan lets the workers rest. */
  constructor(
    plan: Plan,
    target: Target,
    arena: Arena,
    crew: Crew,
    options: EngineOptions,
    visit: Visit,
    soaking?: Soaking,
  ) {
    this.sampler = new Sampler(plan.soak ? SOAK_SAMPLE_EVERY_MS : SAMPLE_EVERY_MS)
    this.#plan = plan
    this.#target = target
    this.#arena = arena
    this.#crew = crew
    this.#options = options
    this.#soaking = soaking
    this.#latency = new LiveLatency(arena)
    const measured = firstMeasured(plan)
    const steady = plan.stages.findIndex((stage) => stage.role === 'steady')
    this.#kills = new Kills(plan, arena.gate, crew, measured)
    this.#rests = new Rests(plan, arena.gate, crew, visit)
    this.#baselineStage = steady < 0 ? measured : steady
    this.#openedMs = arena.gate.startMs(0) ?? monotonicClock.nowMs()
  }

  /** Resolves when all workers have ended, or the drain has taken longer than it may. */
  async watch(): Promise<void> {
    const loop = new LoopWatch(monotonicClock.nowMs(), true)
    const ticking = setInterval(() => loop.tick(monotonicClock.nowMs(), this.#arena.gate.stage()), TICK_EVERY_MS)
    try {
      await this.#watch()
      await this.#rests.settled()
    } finally {
      clearInterval(ticking)
      this.watchedStages = loop.stages()
    }
  }

  async #watch(): Promise<void> {
    const { gate } = this.#arena
    const drainLimitMs = this.#plan.timeoutMs + DRAIN_MARGIN_MS
    for (;;) {
      const nowMs = monotonicClock.nowMs()
      if (this.#options.signal?.aborted && !this.interrupted && gate.stage() < gate.stages) {
        this.interrupted = true
        gate.stop()
      }
      if (!this.#rests.look(nowMs)) this.#endStageIfDue(nowMs)
      this.#kills.look(nowMs)
      this.#sample(nowMs)
      this.#soaking?.look(nowMs - this.#openedMs, gate.stage(), this.sampler.counts.started)
      if (!this.#crew.isWorking()) {
        this.#allDied = gate.stage() < gate.stages
        return
      }
      if (gate.stage() >= gate.stages && nowMs > (gate.startMs(gate.stages) ?? nowMs) + drainLimitMs) {
        this.#crew.giveUp(drainLimitMs)
        return
      }
      await sleep(LOOK_EVERY_MS)
    }
  }

  /** What a reader of the evidence should know that its figures don't say. */
  notes(): string[] {
    const plan = this.#plan
    const dropped = this.#crew.members.reduce((sum, member) => sum + member.journal.dropped, 0)
    const notes: string[] = []
    if (this.#allDied) notes.push('all workers ended before the plan was done')
    if (dropped > 0) notes.push(`${dropped} arrivals were dropped: their worker had 10,000 requests in flight`)
    if (this.#kills.done < plan.kills) notes.push(`${this.#kills.done} of ${plan.kills} kills were done`)
    else if (this.#wasHeld) notes.push('the last stage was held beyond its limits until all kills were done')
    const { unreplaced } = this.#crew
    if (unreplaced > 0) notes.push(`${unreplaced} workers died that were not replaced: there had been too many before`)
    const { slots } = this.#arena.shape
    const asked = inFlightMax(plan)
    if (plan.operation === 'blocking' && asked > slots) {
      notes.push(`blocking threads have one call each: ${slots} were in flight, not ${asked}`)
    }
    return [...notes, ...this.#rests.notes]
  }

  /** Workers end stages themselves; this one sees to it when all of them hang, and when a stage waits for the circuit. */
  #endStageIfDue(nowMs: number): void {
    const { gate } = this.#arena
    const index = gate.stage()
    const stage = this.#plan.stages[index]
    if (!stage) return
    const isOver =
      nowMs >= (gate.startMs(index) ?? nowMs) + stage.durationMs ||
      (stage.requests !== undefined && gate.ticketsTaken(index) >= stage.requests) ||
      (stage.untilCircuit !== undefined && this.#areAll(stage.untilCircuit))
    if (isOver && !gate.advance(index) && gate.stage() === index) this.#wasHeld = true
  }

  /** Whether every view of the circuit is in that state; a target without circuits never is. */
  #areAll(state: CircuitState): boolean {
    if (this.#target.view === 'none') return false
    const ready = this.#crew.ready()
    return ready.length > 0 && ready.every((member) => member.journal.circuit === state)
  }

  #sample(nowMs: number): void {
    const { gate } = this.#arena
    const { members } = this.#crew
    const atMs = nowMs - this.#openedMs
    if (!this.#hasBaseline && gate.stage() >= this.#baselineStage) {
      this.#hasBaseline = true
      this.sampler.markBaseline(atMs, members)
    }
    if (this.sampler.look(atMs, members)) this.#tellProgress(nowMs)
  }

  #tellProgress(nowMs: number): void {
    const { onProgress } = this.#options
    if (!onProgress) return
    const { gate } = this.#arena
    const stageIndex = Math.min(gate.stage(), gate.stages)
    const { started, outcomes, timeouts } = this.sampler.counts
    const ready = this.#crew.ready()
    const views = this.#target.view === 'shared' ? ready.slice(0, 1) : this.#target.view === 'none' ? [] : ready
    const latency = this.#latency.look(nowMs, stageIndex)
    const inStageMs = nowMs - (gate.startMs(stageIndex) ?? nowMs)
    // A rest lasts moments; its limit is for heaps of a size that is seldom.
    const ahead = this.#plan.stages.slice(stageIndex).filter(({ role }) => role !== 'rest')
    onProgress({
      stage: this.#plan.stages[stageIndex]?.name ?? 'drain',
      stageIndex,
      elapsedMs: nowMs - this.#openedMs,
      remainingMsMax: Math.max(0, ahead.reduce((sum, stage) => sum + stage.durationMs, 0) - inStageMs),
      started,
      outcomes,
      timeouts,
      throughputPerSecond: this.sampler.perSecond,
      ...(latency ? { latency } : {}),
      residentMb: this.sampler.residentMb,
      circuits: views.flatMap((member) => member.journal.circuit ?? []),
      workersAlive: ready.length,
    })
  }
}
