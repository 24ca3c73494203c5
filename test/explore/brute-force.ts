import type { Instruction, Source } from './instructions.js'

/** What all interleavings of a program give, found by trying each of them, one after another. */
export interface BruteForce {
  readonly interleavings: number
  readonly outcomes: ReadonlySet<string>
  /** Executions up to reads-from, the order of writes of each cell, and which calls came after which returns. */
  readonly classes: number
}

interface Thread {
  readonly at: number
  readonly results: readonly (number | string)[]
  readonly died: boolean
}

interface Step {
  readonly id: string
  readonly touches: readonly (readonly [cell: number, write: boolean])[]
  readonly mark?: 'call' | 'return'
}

interface Options {
  readonly cells: number
  readonly deaths?: number
  readonly draws?: readonly number[]
}

/** Knows nothing of the explorer: memory is an array, and a step is a recursion. */
export function bruteForce(sources: readonly Source[], { cells, deaths = 0, draws = [0.5] }: Options): BruteForce {
  const outcomes = new Set<string>()
  const classes = new Set<string>()
  let interleavings = 0

  const visit = (memory: readonly number[], threads: readonly Thread[], steps: readonly Step[], left: number): void => {
    const able = threads.flatMap((thread, index) => (isOver(sources[index] as Source, thread) ? [] : [index]))
    if (able.length === 0) {
      interleavings += 1
      outcomes.add(outcomeOf(memory, threads))
      classes.add(classOf(steps))
      return
    }
    for (const index of able) {
      const thread = threads[index] as Thread
      const { at, line } = lineAt(sources[index] as Source, thread)
      const id = `${index}.${thread.results.length}.${at}`
      for (const [next, result, step] of effectsOf(line, memory, Number(thread.results.at(-1) ?? 0), draws)) {
        const results = result === undefined ? thread.results : [...thread.results, result]
        const others = threads.with(index, { at: at + 1, results, died: false })
        visit(next, others, [...steps, { id: `${id}=${result}`, ...step }], left)
      }
      if (left > 0) visit(memory, threads.with(index, { ...thread, died: true }), steps, left - 1)
    }
  }

  const threads = sources.map((): Thread => ({ at: 0, results: [], died: false }))
  visit(new Array(cells).fill(0), threads, [], deaths)
  return { interleavings, outcomes, classes: classes.size }
}

function isOver(source: Source, thread: Thread): boolean {
  return thread.died || lineAt(source, thread).at >= source.length
}

/** Where the thread is, once it has left out what it skips. */
function lineAt(source: Source, { at, results }: Thread): { at: number; line: Instruction } {
  let next = at
  for (let line = source[next]; line?.op === 'skip if'; line = source[next]) {
    next += Number(results.at(-1) ?? 0) === line.value && source[next + 1]?.op !== 'return' ? 2 : 1
  }
  return { at: next, line: source[next] as Instruction }
}

/** The memory after a step, what it gave, and what it touched. */
type Effect = readonly [memory: readonly number[], result: number | string | undefined, step: Omit<Step, 'id'>]

function effectsOf(
  line: Instruction,
  memory: readonly number[],
  last: number,
  draws: readonly number[],
): readonly Effect[] {
  const wide = BigInt.asIntN(64, (BigInt(memory[1] ?? 0) << 32n) | BigInt.asUintN(32, BigInt(memory[0] ?? 0)))
  switch (line.op) {
    case 'load':
      return [[memory, memory[line.cell] as number, { touches: [[line.cell, false]] }]]
    case 'store':
      return [[memory.with(line.cell, line.value), 0, { touches: [[line.cell, true]] }]]
    case 'store last':
      return [[memory.with(line.cell, (last + 1) | 0), last, { touches: [[line.cell, true]] }]]
    case 'add':
    case 'sub':
    case 'exchange': {
      const before = memory[line.cell] as number
      const after = { add: before + line.value, sub: before - line.value, exchange: line.value }[line.op]
      return [[memory.with(line.cell, after), before, { touches: [[line.cell, true]] }]]
    }
    case 'compareExchange': {
      const before = memory[line.cell] as number
      const fits = before === line.expected
      const after = fits ? memory.with(line.cell, line.value) : memory
      return [[after, before, { touches: [[line.cell, fits]] }]]
    }
    case 'load64':
      return [[memory, String(wide), { touches: [0, 1].map((cell) => [cell, false] as const) }]]
    case 'add64': {
      const sum = wide + BigInt(line.value)
      const after = memory.with(0, Number(BigInt.asIntN(32, sum))).with(1, Number(BigInt.asIntN(32, sum >> 32n)))
      return [[after, String(wide), { touches: [0, 1].map((cell) => [cell, true] as const) }]]
    }
    case 'call':
    case 'return':
      return [[memory, undefined, { touches: [], mark: line.op }]]
    default:
      return draws.map((draw) => [memory, draw, { touches: [] }])
  }
}

function outcomeOf(memory: readonly number[], threads: readonly Thread[]): string {
  const returned = threads.map(({ died, results }) => (died ? 'died' : JSON.stringify(results)))
  return `[${memory.join(', ')}] returned [${returned.join(', ')}]`
}

/** The same for executions that differ only in the order of steps that don't depend on one another. */
function classOf(steps: readonly Step[]): string {
  const lines = new Map<string, string[]>()
  const lastWrite = new Map<number, string>()
  const writes = new Map<number, string[]>()
  const calls: string[] = []
  const returns: string[] = []
  for (const { id, touches, mark } of steps) {
    const saw: string[] = []
    for (const [cell, write] of touches) {
      saw.push(`${cell}<${lastWrite.get(cell)}`)
      if (!write) continue
      lastWrite.set(cell, id)
      writes.set(cell, [...(writes.get(cell) ?? []), id])
    }
    if (mark === 'call') saw.push(`after ${returns.toSorted().join()}`)
    if (mark === 'return') saw.push(`after ${calls.toSorted().join()}`)
    if (mark === 'call') calls.push(id)
    if (mark === 'return') returns.push(id)
    lines.set(id, saw)
  }
  return JSON.stringify([[...lines].toSorted(), [...writes].toSorted()])
}
