import { outcomeText } from '../../explore/judging/outcome-text.js'
import type { Operation } from '../../history/history.js'
import { checkLinearizable } from '../../history/linearizability.js'
import { AtomicCells } from '../../memory/atomic-cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import { type Clock, monotonicClock } from '../../world/clock.js'
import { type Raced, racedBy } from '../target-name.js'
import type { Crew } from './crew.js'
import type { HammerAnswer, HammeredCall, HammerTask } from './hammer-thread.js'

/** What real threads made of a program. */
export interface Hammered {
  readonly iterations: number
  /** Different outcomes, and how often each came. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Histories of marked calls that were judged, and the first that is not linearizable. */
  readonly histories: number
  readonly notLinearizable?: readonly Operation[]
}

/** At most so many bytes of memories at once. */
const BATCH_BYTES = 16 * 2 ** 20
const BATCH_MOST = 2_000
/** The first batch, after which each is twice as large: how long one takes is not known before, and the time may be short. */
const BATCH_FIRST = 250
const BATCH_LIMIT_MS = 60_000

/** Runs a program's threads on real ones, again and again for so long, each time on fresh memory. */
export async function hammer(
  crew: Crew,
  target: string,
  { timeMs, seed = 1, signal }: { timeMs: number; seed?: number; signal?: AbortSignal },
  clock: Clock = monotonicClock,
): Promise<Hammered> {
  const raced = await racedBy(target)
  const prepared = preparedWords(raced)
  const bytes = Math.ceil(prepared.length / 2) * 8
  const { repeats = 1 } = raced
  const most = Math.max(1, Math.min(Math.floor(BATCH_MOST / repeats), Math.floor(BATCH_BYTES / bytes)))
  const threads = raced.threads.length
  const outcomes = new Map<string, number>()
  const untilMs = clock.nowMs() + timeMs
  let size = Math.min(most, BATCH_FIRST)
  let iterations = 0
  let histories = 0
  let notLinearizable: readonly Operation[] | undefined
  while (!signal?.aborted && !notLinearizable && (iterations === 0 || clock.nowMs() < untilMs)) {
    const memories = Array.from({ length: size }, () => filled(bytes, prepared))
    const gate = AtomicCells.allocate(4).buffer
    const tasks = raced.threads.map(
      (_, thread): HammerTask => ({ kind: 'hammer', target, thread, threads, memories, gate, seed: seed + iterations }),
    )
    const answers: HammerAnswer[] = await Promise.all(tasks.map((task) => crew.run(task, BATCH_LIMIT_MS)))
    for (const [memory, buffer] of memories.entries()) {
      const returned = answers.map((answer) => answer.texts[answer.returned[memory] as number] as string)
      const text = outcomeText(new AtomicCells(buffer), raced.cells, prepared, returned)
      outcomes.set(text, (outcomes.get(text) ?? 0) + 1)
    }
    iterations += size * repeats
    size = Math.min(most, size * 2)
    if (raced.specification) {
      const judged = judgeHistories(raced, answers)
      histories += judged.histories
      notLinearizable = judged.notLinearizable
    }
  }
  return { iterations, outcomes, histories, ...(notLinearizable ? { notLinearizable } : {}) }
}

/** The memory as the threads find it. */
export function preparedWords(raced: Raced): Int32Array {
  const memory = new PrivateCells(raced.cells)
  for (const [cell, value] of (raced.initial ?? []).entries()) memory.store(cell, value)
  raced.setup?.(memory)
  return memory.words
}

function filled(bytes: number, words: Int32Array): SharedArrayBuffer {
  const cells = AtomicCells.allocate(bytes / 4)
  for (const [cell, word] of words.entries()) if (word !== 0) cells.store(cell, word)
  return cells.buffer
}

function judgeHistories(
  raced: Raced,
  answers: readonly HammerAnswer[],
): { histories: number; notLinearizable?: readonly Operation[] } {
  const byMemory = new Map<number, Operation[]>()
  for (const [thread, { calls }] of answers.entries()) {
    for (const call of calls) {
      const history = byMemory.get(call.memory)
      if (history) history.push(operationOf(call, thread))
      else byMemory.set(call.memory, [operationOf(call, thread)])
    }
  }
  for (const history of byMemory.values()) {
    const { specification } = raced
    if (specification && checkLinearizable(specification, history).verdict === 'invalid') {
      return { histories: byMemory.size, notLinearizable: history }
    }
  }
  return { histories: byMemory.size }
}

function operationOf({ action, result, called, returned }: HammeredCall, thread: number): Operation {
  return { thread, action, result, called, returned }
}
