import { numbers, wider } from '../../memory/columns.js'
import { choiceOf, deathOf } from '../machine/choice.js'
import { PathCounts } from '../state/path-counts.js'
import { RowTable } from '../state/row-table.js'
import { StateRow } from '../state/state-row.js'
import type { Search, Strategy } from '../strategy.js'

/**
 * Every state once, by depth-first search: two ways that lead to the same memory, with every thread at the same place after the
 * same results, are one. Every moment of every interleaving is looked at, so what must hold of several cells at once
 * can be asked here.
 *
 * Each state's interleavings are the sum of those of the states that follow it, for a step always leads deeper into
 * a thread, so no state comes again. That sum, of the first state, is exact.
 */
export class Stateful implements Strategy {
  readonly #table = new RowTable()
  readonly #row: StateRow
  /** Of each state whose successors were all seen: how many interleavings go on from it. */
  readonly #paths = new PathCounts()
  /** Of each depth: the state, and the interleavings found to go on from it. */
  #state = numbers(1024)
  readonly #sums = new PathCounts()
  /** What can be chosen from each depth: threads that can go on; those that can die. */
  #enabled = numbers(1024)
  #mayDie = numbers(1024)
  /** Of each depth, which value of chance is tried next. */
  #variant = numbers(1024)
  #began = false

  constructor(private readonly search: Search) {
    this.#row = new StateRow(search.machine)
  }

  advance(steps: number): boolean {
    const { machine, tally, options } = this.search
    if (!this.#began) {
      this.#began = true
      this.#isNew()
      if (this.#enter()) return true
    }
    const until = tally.steps + steps
    while (tally.steps < until) {
      const choice = this.#next()
      if (choice >= 0) {
        tally.steps += 1
        if (this.#forward(choice)) return true
        if (tally.states >= options.states) return true
      } else {
        this.#conclude()
        if (machine.depth === 0) {
          tally.exhausted = true
          tally.interleavings = this.#paths.at(0)
          return true
        }
        this.#back()
      }
    }
    return false
  }

  #forward(choice: number): boolean {
    const { machine, judge } = this.search
    const from = machine.depth
    machine.step(choice)
    if (judge.afterStep()) return true
    if (this.#isNew()) return this.#enter()
    this.#sums.add(from, this.#paths, this.#state[machine.depth] as number)
    judge.beforeUndo()
    machine.undo()
    return false
  }

  /** Looks the state up that was just come to, and gives it to its depth. */
  #isNew(): boolean {
    const { machine, judge, tally } = this.search
    if (machine.depth + 1 >= this.#state.length) this.#growDepths()
    const length = this.#row.write(judge.extra)
    const state = this.#table.add(this.#row.row, length)
    this.#state[machine.depth] = state
    if (!this.#table.isNew) return false
    tally.states += 1
    return true
  }

  #enter(): boolean {
    const { machine, judge, tally } = this.search
    const { depth } = machine
    const enabled = machine.enabled()
    this.#enabled[depth] = enabled
    this.#mayDie[depth] = enabled === 0 ? 0 : machine.mayDie()
    this.#variant[depth] = 0
    if (enabled !== 0) {
      this.#sums.setZero(depth)
      return false
    }
    this.#sums.setOne(depth)
    tally.traces += 1
    return judge.atEnd()
  }

  #next(): number {
    const { machine } = this.search
    const { depth } = machine
    const enabled = this.#enabled[depth] as number
    if (enabled !== 0) {
      const thread = 31 - Math.clz32(enabled & -enabled)
      const variant = this.#variant[depth] as number
      const isLast = variant + 1 >= machine.variants(thread)
      this.#variant[depth] = isLast ? 0 : variant + 1
      if (isLast) this.#enabled[depth] = enabled & (enabled - 1)
      return choiceOf(thread, variant)
    }
    const mayDie = this.#mayDie[depth] as number
    if (mayDie === 0) return -1
    this.#mayDie[depth] = mayDie & (mayDie - 1)
    return deathOf(31 - Math.clz32(mayDie & -mayDie))
  }

  #back(): void {
    const { machine, judge } = this.search
    const state = this.#state[machine.depth] as number
    judge.beforeUndo()
    machine.undo()
    this.#sums.add(machine.depth, this.#paths, state)
  }

  /** Keeps the sum of a state all of whose successors have been seen. */
  #conclude(): void {
    const { depth } = this.search.machine
    this.#paths.copy(this.#state[depth] as number, this.#sums, depth)
  }

  #growDepths(): void {
    this.#state = wider(this.#state)
    this.#enabled = wider(this.#enabled)
    this.#mayDie = wider(this.#mayDie)
    this.#variant = wider(this.#variant)
  }
}
