import { do_not_optimize } from 'mitata'
import type { Loop } from '../src/profiler/turns.js'
import type { Effort } from './measure.js'
import { bestOf } from './rounds.js'

/** One line of shared memory for the control word, one that this thread alone counts on. */
const CONTROL = 0
const COUNT = 64
const words = new Int32Array(new SharedArrayBuffer(512))

/** What a protected call is made of in every row that runs one. */
export const action = () => 1
export const asyncAction = async () => 1

/** The empty call: what is left of a loop without a breaker. V8 takes it into the loop, where it is next to nothing. */
export const bare: Loop = (times) => {
  let last: unknown
  for (let call = 0; call < times; call++) last = action()
  do_not_optimize(last)
}

export const bareAwait: Loop = async (times) => {
  let last: unknown
  for (let call = 0; call < times; call++) last = await asyncAction()
  do_not_optimize(last)
}

/**
 * The least that a call can be made of. Where there are several ways to do it, the cheapest on this machine is the floor: one
 * that can be beaten would be none.
 */
export interface Floor {
  readonly name: string
  readonly ways: Readonly<Record<string, Loop>>
}

export const oneLoad: Floor = {
  name: 'load',
  ways: {
    load(times) {
      let last = 0
      for (let call = 0; call < times; call++) last = Atomics.load(words, CONTROL)
      do_not_optimize(last)
    },
  },
}

/** See that the circuit is closed, make the call, count it on a line of the thread's own. */
export const loadAndAdd: Floor = {
  name: 'load + add',
  ways: {
    loadAndAdd(times) {
      let last: unknown
      for (let call = 0; call < times; call++) {
        if (Atomics.load(words, CONTROL) === 0) last = action()
        Atomics.add(words, COUNT, 1)
      }
      do_not_optimize(last)
    },
  },
}

const { hrtime } = process
const hrtimeMs = () => {
  const time = hrtime()
  return time[0] * 1000 + time[1] / 1e6
}

/** The same, where the call has to be placed in time. Node has two monotonic clocks. */
export const loadAddAndClock: Floor = {
  name: 'load + add + clock',
  ways: {
    performanceNow(times) {
      let last: unknown
      let late = 0
      for (let call = 0; call < times; call++) {
        if (Atomics.load(words, CONTROL) === 0) last = action()
        if (performance.now() < 0) late += 1
        Atomics.add(words, COUNT, 1)
      }
      do_not_optimize(last)
      do_not_optimize(late)
    },
    hrtime(times) {
      let last: unknown
      let late = 0
      for (let call = 0; call < times; call++) {
        if (Atomics.load(words, CONTROL) === 0) last = action()
        if (hrtimeMs() < 0) late += 1
        Atomics.add(words, COUNT, 1)
      }
      do_not_optimize(last)
      do_not_optimize(late)
    },
  },
}

/** Nanoseconds that a call of `loop` and one of the floor take beyond the empty call. */
export async function overFloor(loop: Loop, floor: Floor, effort: Effort): Promise<{ cost: number; least: number }> {
  const best = await bestOf<string>({ bare, loop, ...floor.ways }, effort)
  const empty = best.bare ?? 0
  const least = Math.min(...Object.keys(floor.ways).map((way) => best[way] ?? Number.NaN))
  return { cost: (best.loop ?? Number.NaN) - empty, least: least - empty }
}
