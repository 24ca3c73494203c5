import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Random } from './random.js'

/** Chance that repeats: the same seed gives the same numbers, in every thread and on every machine. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return { next: () => (generator.next() >>> 0) / 0x1_0000_0000 }
}

/** A seed for part `index` of a run seeded with `seed`: parts of neighbouring indices share nothing that shows. */
export function partSeed(seed: number, index: number): number {
  const mixed = Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) | 0
}
