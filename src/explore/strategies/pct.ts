import type { Random } from '../../world/random.js'
import { seededRandom } from '../../world/seeded-random.js'
import { choiceOf, deathOf } from '../machine/choice.js'
import type { Search, Strategy } from '../strategy.js'
import { Walk } from './walk.js'

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi & Nagarakatte, ASPLOS 2010): threads have priorities drawn by
 * lot, the highest that can go on runs, and at `depth` − 1 moments, drawn too, the one that runs falls to the lowest. A fault that needs
 * `depth` ordering constraints is found in one execution with a probability of at least 1 ÷ (threads × steps^(depth − 1)).
 *
 * The steps of an execution are taken to be as many as the longest so far had. Where threads may die, one moment more is
 * drawn, at which the one that runs dies.
 */
export class Pct implements Strategy {
  readonly #random: Random
  readonly #walk: Walk
  #priorities: number[] = []
  #changes = new Set<number>()
  #deathAt = -1
  #lowest = 0
  #longest = 16

  constructor(private readonly search: Search) {
    this.#random = seededRandom(search.options.seed)
    this.#walk = new Walk(
      search,
      (enabled) => this.#choose(enabled),
      () => this.#begin(),
    )
  }

  advance(steps: number): boolean {
    return this.#walk.advance(steps)
  }

  #begin(): void {
    const { machine, options } = this.search
    const lots = Array.from({ length: machine.threads }, (_, thread) => ({ thread, lot: this.#random.next() }))
    lots.sort((one, other) => one.lot - other.lot)
    for (const [priority, { thread }] of lots.entries()) this.#priorities[thread] = priority + 1
    this.#lowest = 0
    this.#changes = new Set(Array.from({ length: options.depth - 1 }, () => this.#below(this.#longest)))
    this.#deathAt = machine.mostDeaths > 0 ? this.#below(this.#longest) : -1
  }

  #choose(enabled: number): number {
    const { machine } = this.search
    this.#longest = Math.max(this.#longest, machine.depth + 1)
    if (this.#changes.has(machine.depth)) this.#priorities[this.#highest(enabled)] = --this.#lowest
    const thread = this.#highest(enabled)
    if (machine.depth === this.#deathAt && machine.mayDie() & (1 << thread)) return deathOf(thread)
    const variants = machine.variants(thread)
    return choiceOf(thread, variants > 1 ? this.#below(variants) : 0)
  }

  #highest(enabled: number): number {
    let best = -1
    for (let left = enabled; left !== 0; left &= left - 1) {
      const thread = 31 - Math.clz32(left & -left)
      if (best < 0 || (this.#priorities[thread] as number) > (this.#priorities[best] as number)) best = thread
    }
    return best
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }
}
