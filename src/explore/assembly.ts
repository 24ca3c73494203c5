import { PrivateCells } from '../memory/private-cells.js'
import { MOST_THREADS } from './machine/choice.js'
import { Interned } from './machine/interned.js'
import { Machine } from './machine/machine.js'
import { ResultTrie } from './machine/result-trie.js'
import { Runner } from './machine/runner.js'
import type { Body, Program } from './program.js'

/** A program made ready to be explored: its memory prepared, its threads at their first operations. */
export interface Assembly {
  readonly machine: Machine
  readonly runner: Runner<unknown>
}

/**
 * The explorer's own threads come after the user's: one lets the clock tick, one sees a death. Time is a cell behind the user's, so
 * to look at the clock is to read it, and a tick is to add to it.
 */
export function assemble(program: Program<unknown>): Assembly {
  const bigs = new Interned<bigint>()
  const ticks = program.clock?.ticksMs ?? []
  const clockCell = ticks.length > 0 ? program.cells : -1
  const memory = new PrivateCells(program.cells + (ticks.length > 0 ? 1 : 0))
  for (const [cell, value] of (program.initial ?? []).entries()) memory.store(cell, value)
  const bodies = program.threads.map((body) => ({ body, isTheUsers: true }))
  if (ticks.length > 0) bodies.push({ body: ticking(ticks, clockCell), isTheUsers: false })
  const { onDeath, deaths = 0 } = program
  const seesDeath = onDeath
  const runner = new Runner<unknown>(program, bodies, clockCell, memory, bigs, seesDeath)
  const threads = bodies.length + (onDeath ? 1 : 0)
  if (threads > MOST_THREADS) throw new Error(`${threads} threads, more than ${MOST_THREADS}`)
  const trie = new ResultTrie<unknown>(runner, threads, bigs)
  const machine = new Machine(trie, memory, threads, deaths, program.threads.length, program.random?.length ?? 1)
  return { machine, runner }
}

function ticking(ticks: readonly number[], clockCell: number): Body<unknown> {
  return (cells) => {
    for (const tick of ticks) cells.add(clockCell, tick)
  }
}
