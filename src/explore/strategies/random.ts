import type { Random } from '../../world/random.js'
import { seededRandom } from '../../world/seeded-random.js'
import { choiceOf, deathOf } from '../machine/choice.js'
import type { Search, Strategy } from '../strategy.js'
import { Walk } from './walk.js'

/** Each step by any thread that can go on, all equally likely; one step in a hundred is a death, while threads may die. */
export class RandomWalk implements Strategy {
  readonly #random: Random
  readonly #walk: Walk

  constructor(private readonly search: Search) {
    this.#random = seededRandom(search.options.seed)
    this.#walk = new Walk(
      search,
      (enabled) => this.#choose(enabled),
      () => undefined,
    )
  }

  advance(steps: number): boolean {
    return this.#walk.advance(steps)
  }

  #choose(enabled: number): number {
    const { machine } = this.search
    const mayDie = machine.mayDie()
    if (mayDie !== 0 && this.#below(100) === 0) return deathOf(this.#oneOf(mayDie))
    const thread = this.#oneOf(enabled)
    const variants = machine.variants(thread)
    return choiceOf(thread, variants > 1 ? this.#below(variants) : 0)
  }

  #oneOf(mask: number): number {
    let left = mask
    for (let skip = this.#below(bitsOf(mask)); skip > 0; skip--) left &= left - 1
    return 31 - Math.clz32(left & -left)
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }
}

function bitsOf(mask: number): number {
  let bits = 0
  for (let left = mask; left !== 0; left &= left - 1) bits += 1
  return bits
}
