import { returnedText } from '../../explore/judging/outcome-text.js'
import type { Call, ThreadWorld } from '../../explore/program.js'
import { AtomicCells } from '../../memory/atomic-cells.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Random } from '../../world/random.js'
import { seededRandom } from '../../world/seeded-random.js'
import { type Raced, racedBy } from '../target-name.js'
import { Rendezvous } from './rendezvous.js'

/** What one thread of a hammered program is to do: its body once on each of the memories, together with the other threads. */
export interface HammerTask {
  readonly kind: 'hammer'
  readonly target: string
  readonly thread: number
  readonly threads: number
  readonly memories: readonly SharedArrayBuffer[]
  /** The rendezvous' cell, and the ticket from which calls and returns are numbered. */
  readonly gate: SharedArrayBuffer
  readonly seed: number
}

export interface HammerAnswer {
  /** What its body returned, a number for each memory: where that is among the texts. A body that threw says so. */
  readonly returned: readonly number[]
  readonly texts: readonly string[]
  /** The calls that it marked. */
  readonly calls: readonly HammeredCall[]
}

export interface HammeredCall {
  readonly memory: number
  readonly action: unknown
  readonly result: unknown
  readonly called: number
  readonly returned: number
}

/** Threads that always ran in step would meet at the same operations again and again. */
const MOST_DELAY = 200
const TICKET = 1
const FINISHED = 2
/** In as many repetitions as each is to make. */
const LONGEST_WAIT = 50

export async function runHammer({ target, thread, threads, memories, gate, seed }: HammerTask): Promise<HammerAnswer> {
  const raced = await racedBy(target)
  const random = seededRandom(seed + thread)
  const shared = new AtomicCells(gate)
  const rendezvous = new Rendezvous(shared, threads)
  const makeLocal = localMaker(raced, thread, random)
  const body = raced.threads[thread]
  const texts = new Map<string, number>()
  const returned: number[] = []
  const calls: HammeredCall[] = []
  for (const [memory, buffer] of memories.entries()) {
    const cells = new AtomicCells(buffer)
    const local = makeLocal(cells)
    const call: Call = (action, run) => {
      const called = shared.add(TICKET, 1)
      const result = run()
      calls.push({ memory, action, result, called, returned: shared.add(TICKET, 1) })
      return result
    }
    rendezvous.arrive()
    dawdle(random.next() * MOST_DELAY)
    const text = repeatedText(shared, raced.repeats ?? 1, threads * (memory + 1), () => body?.(cells, call, local))
    const number = texts.get(text) ?? texts.size
    texts.set(text, number)
    returned.push(number)
  }
  return { returned, texts: [...texts.keys()], calls }
}

/** As in the explorer: `setup` prepares a memory, here one that is thrown away, and gives the factory of the threads' own. */
function localMaker(raced: Raced, thread: number, random: Random): (cells: Cells) => unknown {
  const draws = raced.random ?? [0.5]
  const startMs = raced.clock?.startMs ?? 0
  const world: ThreadWorld = {
    thread,
    clock: { nowMs: () => startMs },
    random: () => draws[Math.floor(random.next() * draws.length)] ?? 0.5,
  }
  const factory = raced.setup?.(preparedCopy(raced))
  return (cells) => (factory ? factory(cells, world) : world)
}

function preparedCopy({ cells, initial = [] }: Raced): PrivateCells {
  const memory = new PrivateCells(cells)
  for (const [cell, value] of initial.entries()) memory.store(cell, value)
  return memory
}

/**
 * What it returns each time, or that and what it once returned instead. It goes on until so many threads have done it as often, for
 * one that was left alone would meet nobody; a thread that has died keeps the others only for so long.
 */
function repeatedText(shared: AtomicCells, times: number, finished: number, run: () => unknown): string {
  const first = textOf(run)
  if (times === 1) return first
  for (let time = 1; time < times * LONGEST_WAIT; time++) {
    if (time === times) shared.add(FINISHED, 1)
    if (time >= times && shared.load(FINISHED) >= finished) break
    const text = textOf(run)
    if (text === first) continue
    if (time < times) shared.add(FINISHED, 1)
    return `${first}, then ${text}`
  }
  return first
}

function textOf(run: () => unknown): string {
  try {
    const value = run()
    // Said here, as JSON takes longer than what is repeated.
    return value === undefined ? 'undefined' : returnedText(value)
  } catch (error) {
    return `threw: ${error instanceof Error ? error.message : String(error)}`
  }
}

let idle = 0
function dawdle(turns: number): void {
  for (let turn = 0; turn < turns; turn++) idle = (idle + turn) | 0
}
