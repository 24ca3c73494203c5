import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExhaustionCase, Holder, Operation, Place } from '../../exhaustion-case.js'
import { monotonicClock } from '../../world/clock.js'
import { missingShell, SHELL } from '../shell.js'
import { UsualWork } from '../usual-work.js'

/** So many to a processor leave a thread that computes a twentieth of it. */
const BURNERS_PER_PROCESSOR = 20
/** A shell that computes, looks now and then whether its parent still lives, and ends if not: it outlives nobody. */
const BURN = 'while kill -0 "$1" 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done'

/** Other processes of the same priority that never wait. */
class Burners implements Holder {
  readonly #burners: ChildProcess[] = []

  hold(): void {
    while (this.#burners.length < BURNERS_PER_PROCESSOR * availableParallelism()) {
      const burner = spawn(SHELL, ['-c', BURN, SHELL, String(process.pid)], { stdio: 'ignore' })
      // One that can't be started is one fewer; whether the rest are enough, the calls tell.
      burner.on('error', () => {})
      this.#burners.push(burner)
    }
  }

  release(): void {
    for (const burner of this.#burners.splice(0)) burner.kill('SIGKILL')
  }

  async close(): Promise<void> {
    this.release()
  }
}

const SLICES = 10
const SLICE_NUMBERS = 200_000
/** A slice that takes so many times the shortest one, and so long, was computed on a processor that others had. */
const STARVED = { times: 5, ms: 10 }

/** Computes for some milliseconds, in slices between which the event loop turns. */
class Computing implements Operation {
  readonly #work: UsualWork
  readonly #place: Place
  #shortestMs = Number.POSITIVE_INFINITY
  /** As a field, so that no compiler takes the computing away. */
  sum = 0

  constructor(place: Place) {
    this.#work = new UsualWork(place.folder)
    this.#place = place
  }

  async run(isExhausted: boolean): Promise<void> {
    for (let slice = 0; slice < SLICES; slice += 1) {
      const beganMs = monotonicClock.nowMs()
      for (let number = 0; number < SLICE_NUMBERS; number += 1) this.sum = (this.sum * 31 + number) % 65_521
      const tookMs = monotonicClock.nowMs() - beganMs
      this.#shortestMs = Math.min(this.#shortestMs, tookMs)
      const isStarved = tookMs > STARVED.ms && tookMs > STARVED.times * this.#shortestMs
      if (isExhausted && isStarved) this.#place.sign('starved')
      await turn()
    }
    await this.#work.run()
  }

  async close(): Promise<void> {}
}

const cpu: ExhaustionCase = {
  missing: missingShell,
  open: async () => new Burners(),
  operation: (place) => new Computing(place),
}

export default cpu
