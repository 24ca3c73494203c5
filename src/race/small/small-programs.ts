import type { Body, Call, Program, ThreadWorld } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { Cell, controlOf, Small, SmallBreaker, type SmallRules, smallRules, tagged } from './small-breaker.js'

/** A class of small breakers: the right one, or one with a mistake. */
export type SmallClass<Breaker extends SmallBreaker = SmallBreaker> = new (
  cells: Cells,
  clock: Clock,
  rules: SmallRules,
) => Breaker

/** What a thread does with its end of a breaker. What it returns is seen by the checks. */
export type Act<Breaker extends SmallBreaker = SmallBreaker> = (
  breaker: Breaker,
  call: Call,
  cells: Cells,
  world: ThreadWorld,
) => unknown

interface Setting {
  /** What the cells hold at first. Default: closed, in epoch 1. */
  readonly initial?: readonly number[]
  readonly rules?: Partial<SmallRules>
  readonly deaths?: number
  /** Cells in all. Default 8. */
  readonly cells?: number
}

/** It is this time, and stays so. */
export const NOW_MS = 100

/** Threads that each have an end of one breaker. */
export function programOf<Breaker extends SmallBreaker>(
  type: SmallClass<Breaker>,
  acts: readonly Act<Breaker>[],
  { initial = closed(), rules = {}, deaths = 0, cells = 8 }: Setting = {},
): Program {
  const inForce = { ...smallRules, ...rules }
  return {
    cells,
    initial,
    deaths,
    clock: { startMs: NOW_MS, ticksMs: [] },
    threads: acts.map(
      (act): Body<ThreadWorld> =>
        (cells, call, world) => {
          return act(new type(cells, world.clock, inForce), call, cells, world)
        },
    ),
  }
}

/** The same program twice: with the mistake, and without. */
export function pair<Breaker extends SmallBreaker>(
  type: SmallClass<Breaker>,
  acts: readonly Act[],
  setting?: Setting,
): { broken: Program; mended: Program } {
  return { broken: programOf(type, acts, setting), mended: programOf(SmallBreaker, acts, setting) }
}

/** Memory at first: closed in epoch 1, with so many failures in a row. */
export function closed(failures = 0): readonly number[] {
  return memory({ [Cell.control]: controlOf(1, Small.closed), [Cell.failures]: tagged(1, failures) })
}

/** Open in epoch 2, until so many milliseconds from now; without a number its wait is over. */
export function open(leftMs = -1): readonly number[] {
  return memory({ [Cell.control]: controlOf(2, Small.open), [Cell.deadline]: tagged(2, NOW_MS + leftMs) })
}

/** Half-open in epoch 3, with so many of its probes claimed. */
export function halfOpen(claimed = 0): readonly number[] {
  return memory({ [Cell.control]: controlOf(3, Small.halfOpen), [Cell.probes]: tagged(3, claimed) })
}

function memory(words: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: Cell.free }, (_, cell) => words[cell] ?? 0)
}
