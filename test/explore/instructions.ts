import type { Body, ThreadWorld } from '../../src/explore/program.js'
import type { Random } from '../../src/world/random.js'
import { whole } from '../history/operations.js'

/** One line of a small program; `last` is what the thread's last operation gave. */
export type Instruction =
  | { readonly op: 'load'; readonly cell: number }
  | { readonly op: 'store'; readonly cell: number; readonly value: number }
  /** The last result, and one more. */
  | { readonly op: 'store last'; readonly cell: number }
  | { readonly op: 'add' | 'sub' | 'exchange'; readonly cell: number; readonly value: number }
  | { readonly op: 'compareExchange'; readonly cell: number; readonly expected: number; readonly value: number }
  | { readonly op: 'add64'; readonly value: number }
  | { readonly op: 'load64' }
  /** Leaves the next instruction out, if the last result is this. */
  | { readonly op: 'skip if'; readonly value: number }
  | { readonly op: 'call' | 'return' }
  | { readonly op: 'random' }

/** Any 64-bit operation is on the pair that begins at cell 0. */
export type Source = readonly Instruction[]

/** What the explorer is given: the instructions, carried out on cells. Returns every result. */
export function bodyOf(source: Source): Body<ThreadWorld> {
  return (cells, call, { random }) => {
    const results: (number | string)[] = []
    const last = () => Number(results.at(-1) ?? 0)
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        const line = source[at] as Instruction
        if (line.op === 'skip if') {
          if (last() === line.value) at += 1
        } else if (line.op === 'call') {
          const end = source.findIndex(({ op }, index) => index > at && op === 'return')
          call('part', () => run(at + 1, end))
          at = end
        } else results.push(perform(line))
      }
    }
    const perform = (line: Instruction): number | string => {
      switch (line.op) {
        case 'load':
          return cells.load(line.cell)
        case 'store':
          cells.store(line.cell, line.value)
          return 0
        case 'store last':
          cells.store(line.cell, last() + 1)
          return last()
        case 'add':
        case 'sub':
        case 'exchange':
          return cells[line.op](line.cell, line.value)
        case 'compareExchange':
          return cells.compareExchange(line.cell, line.expected, line.value)
        case 'add64':
          return String(cells.add64(0, BigInt(line.value)))
        case 'load64':
          return String(cells.load64(0))
        default:
          return random()
      }
    }
    run(0, source.length)
    return results
  }
}

export interface Shape {
  readonly threads: number
  readonly instructions: number
  readonly cells: number
  /** Whether instructions of these kinds may come. */
  readonly wide?: boolean
  readonly marks?: boolean
  readonly draws?: boolean
}

/** A program by lot. */
export function randomSources(random: Random, shape: Shape): Source[] {
  const below = (limit: number) => whole(random, limit)
  const line = (): Instruction => {
    const cell = below(shape.cells)
    switch (below(shape.wide ? 9 : shape.draws ? 8 : 7)) {
      case 0:
      case 1:
        return { op: 'load', cell }
      case 2:
        return { op: 'store', cell, value: 1 + below(2) }
      case 3:
        return { op: 'store last', cell }
      case 4:
        return { op: (['add', 'sub', 'exchange'] as const)[below(3)] as 'add', cell, value: 1 + below(2) }
      case 5:
        return { op: 'compareExchange', cell, expected: below(2), value: 1 + below(2) }
      case 6:
        return { op: 'skip if', value: below(2) }
      case 7:
        return shape.draws ? { op: 'random' } : { op: 'load64' }
      default:
        return { op: 'add64', value: 1 + below(2) }
    }
  }
  return Array.from({ length: shape.threads }, () => {
    const lines = Array.from({ length: 1 + below(shape.instructions) }, line)
    return shape.marks && below(2) === 0 ? [{ op: 'call' }, ...lines, { op: 'return' }] : lines
  })
}
