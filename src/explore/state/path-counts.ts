import { doubles, widerDoubles } from '../../memory/columns.js'

/** Each limb is a whole number below this; two of them and a carry fit into a double exactly. */
const LIMB = 2 ** 50

/** Whole numbers of any size, in columns: one column of limbs as long as all are small, more as soon as one is not. */
export class PathCounts {
  readonly #limbs = [doubles(1024)]

  setZero(index: number): void {
    this.#reach(index)
    for (const limb of this.#limbs) limb[index] = 0
  }

  setOne(index: number): void {
    this.setZero(index)
    const [lowest] = this.#limbs
    if (lowest) lowest[index] = 1
  }

  copy(index: number, from: PathCounts, at: number): void {
    this.setZero(index)
    this.add(index, from, at)
  }

  /** Adds another's number to the one here. */
  add(index: number, from: PathCounts, at: number): void {
    let carry = 0
    for (let limb = 0; limb < from.#limbs.length || carry > 0; limb++) {
      const mine = this.#limbs[limb] ?? this.#addLimb()
      const sum = (mine[index] as number) + (from.#limbs[limb]?.[at] ?? 0) + carry
      carry = sum >= LIMB ? 1 : 0
      mine[index] = sum - carry * LIMB
    }
  }

  at(index: number): bigint {
    return this.#limbs.reduceRight((high, limb) => high * BigInt(LIMB) + BigInt(limb[index] as number), 0n)
  }

  #addLimb(): Float64Array {
    const limb = doubles((this.#limbs[0] as Float64Array).length)
    this.#limbs.push(limb)
    return limb
  }

  #reach(index: number): void {
    if (index < (this.#limbs[0] as Float64Array).length) return
    for (const [at, limb] of this.#limbs.entries())
      this.#limbs[at] = widerDoubles(limb, Math.max(limb.length * 2, index + 1))
  }
}
