import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import type { ExhaustionCase, Holder } from '../../exhaustion-case.js'
import { missingShell } from '../shell.js'
import { UsualWork } from '../usual-work.js'

/** The engine with two workers needs some 45 of them; but Node opens all modules of a thread at once to load them. */
const LIMIT = 256
/** Where the limit was not taken, this is given up instead, and nothing proves that anything was used up. */
const HELD_MAX = 4096

/** Opens files until the system refuses, and keeps them open. */
class Descriptors implements Holder {
  readonly #held: number[] = []

  get descriptors(): number {
    return this.#held.length
  }

  hold(): void {
    while (this.#held.length < HELD_MAX) {
      try {
        this.#held.push(openSync(devNull, 'r'))
      } catch {
        // EMFILE: there is none left, for a call either, and a call's error is what counts.
        return
      }
    }
  }

  release(): void {
    for (const descriptor of this.#held.splice(0)) closeSync(descriptor)
  }

  async close(): Promise<void> {
    this.release()
  }
}

const fileDescriptors: ExhaustionCase = {
  missing: missingShell,
  limits: `ulimit -n ${LIMIT}`,
  open: async () => new Descriptors(),

  operation({ folder }) {
    const work = new UsualWork(folder)
    return { run: () => work.run(), async close() {} }
  },
}

export default fileDescriptors
