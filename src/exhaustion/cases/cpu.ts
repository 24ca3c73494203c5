import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import type { ExhaustionCase, Holder, Operation, Place } from '../../exhaustion-case.js'
import { monotonicClock } from '../../world/clock.js'
import { missingShell, SHELL } from '../shell.js'
import { UsualWork } from '../usual-work.js'

/** So many to a processor leave a thread that computes a twenty-first of it. */
const BURNERS_PER_PROCESSOR = 20
/**
 * One shell waits for a word, then makes shells that compute; at the next word, or when whoever could say it has gone, it ends them.
 * To start them one by one from here would take seconds: each start waits for a processor that those before have. They look
 * now and then whether the first shell still lives, so that they outlive nobody.
 */
const BURN = `
read word || exit 0
while [ "$1" -gt 0 ]; do
  (while kill -0 $$ 2>/dev/null; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done) &
  burners="$burners $!"
  set -- $(($1-1))
done
read word
kill -9 $burners`

/** Other processes of the same priority that never wait. */
class Burners implements Holder {
  readonly #shell: ChildProcess
  readonly #ended: Promise<void>
  #isBurning = false

  constructor(count: number) {
    this.#shell = spawn(SHELL, ['-c', BURN, SHELL, String(count)], { stdio: ['pipe', 'ignore', 'ignore'] })
    this.#ended = new Promise((resolve) => {
      this.#shell.once('close', () => resolve())
      // One that can't be started burns nothing, as the calls will tell.
      this.#shell.once('error', () => resolve())
    })
    // It may have ended before it hears a word.
    this.#shell.stdin?.on('error', () => {})
  }

  hold(): void {
    if (this.#isBurning) return
    this.#isBurning = true
    this.#shell.stdin?.write('\n')
  }

  release(): void {
    this.#shell.stdin?.end()
  }

  async close(): Promise<void> {
    this.release()
    await Promise.race([this.#ended, sleep(END_LIMIT_MS, undefined, { ref: false })])
    this.#shell.kill('SIGKILL')
  }
}

/** What is asked of a shell that is to end on a busy machine. */
const END_LIMIT_MS = 5000
const SLICES = 5
/** A millisecond or less. */
const SLICE_NUMBERS = 150_000
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
      let { sum } = this
      for (let number = 0; number < SLICE_NUMBERS; number += 1) sum = (sum * 31 + number) % 65_521
      this.sum = sum
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
  open: async () => new Burners(BURNERS_PER_PROCESSOR * availableParallelism()),
  operation: (place) => new Computing(place),
}

export default cpu
