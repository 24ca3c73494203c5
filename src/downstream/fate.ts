import { behaviourAt, type Situation } from '../downstream.js'
import type { Behaviour, Latency, Plan } from '../plan.js'
import type { Random } from '../world/random.js'

/** What the downstream does with a call. */
export type FateKind = 'answer' | 'error' | 'hang' | 'reset'

/**
 * Decides what becomes of each call, by the behaviour in force and by seeded chance. It is drawn into two fields, so
 * that a call allocates nothing.
 *
 * The behaviour is worked out again only when the stage changes or an entry of the fault script begins or ends; without
 * a fault script the clock is never read. A call meets one fate: where the rates add up to more than 1, reset goes
 * before hang, and hang before error.
 */
export class Fates {
  kind: FateKind = 'answer'
  /** How long the downstream means to take over an answer or an error. */
  latencyMs = 0
  readonly #plan: Plan
  readonly #situation: Situation
  readonly #random: Random
  readonly #hasFaults: boolean
  #behaviour: Behaviour | undefined
  #stage = 0
  #untilMs = Number.POSITIVE_INFINITY

  constructor(plan: Plan, situation: Situation, random: Random) {
    this.#plan = plan
    this.#situation = situation
    this.#random = random
    this.#hasFaults = plan.downstream.faults.length > 0
  }

  /** Sets `kind` and `latencyMs` for one call that is received in `stage`. */
  draw(stage: number): void {
    const behaviour = this.#behaviourIn(stage)
    const chance = this.#random.next()
    const hangsFrom = behaviour.resetRate
    const failsFrom = hangsFrom + behaviour.hangRate
    this.latencyMs = 0
    if (chance < hangsFrom) this.kind = 'reset'
    else if (chance < failsFrom) this.kind = 'hang'
    else {
      this.kind = chance < failsFrom + behaviour.errorRate ? 'error' : 'answer'
      this.latencyMs = drawLatency(behaviour.latency, this.#random)
    }
  }

  #behaviourIn(stage: number): Behaviour {
    const measuredMs = this.#hasFaults ? this.#situation.measuredMs() : 0
    if (this.#behaviour === undefined || stage !== this.#stage || measuredMs >= this.#untilMs) {
      this.#behaviour = behaviourAt(this.#plan, stage, measuredMs)
      this.#stage = stage
      this.#untilMs = nextChangeMs(this.#plan, measuredMs)
    }
    return this.#behaviour
  }
}

/** One latency in milliseconds, within the distribution's bounds. */
export function drawLatency(latency: Latency, random: Random): number {
  switch (latency.type) {
    case 'constant':
      return latency.ms
    case 'uniform':
      return latency.minMs + (latency.maxMs - latency.minMs) * random.next()
    case 'exponential':
      return Math.min(latency.maxMs, -latency.meanMs * Math.log(1 - random.next()))
  }
}

/** When the fault script next changes anything, after `measuredMs`. */
function nextChangeMs(plan: Plan, measuredMs: number): number {
  const changes = plan.downstream.faults.flatMap(({ fromMs, forMs }) => [fromMs, fromMs + forMs])
  return Math.min(Number.POSITIVE_INFINITY, ...changes.filter((changeMs) => changeMs > measuredMs))
}
