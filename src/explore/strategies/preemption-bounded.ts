import { numbers, wider } from '../../memory/columns.js'
import { choiceOf, deathOf, isDeath, threadOf } from '../machine/choice.js'
import { RowTable } from '../state/row-table.js'
import { StateRow } from '../state/state-row.js'
import type { Search, Strategy } from '../strategy.js'

/** Larger than any number of preemptions. */
const NEVER = 0x7fff_ffff

/**
 * All interleavings with no preemption, then with one, and so on: a thread is preempted if another runs while it could go on. Most
 * faults need two or fewer (Musuvathi & Qadeer, "Iterative context bounding", PLDI 2007); and the first failure found has the
 * fewest, so it is the easiest to read.
 *
 * A state that was met with the same thread running and no more preemptions spent leads to nothing new.
 */
export class PreemptionBounded implements Strategy {
  readonly #row: StateRow
  #table = new RowTable()
  /** Of each state with its running thread: the fewest preemptions with which it was met. */
  #spentAt = numbers(1024)
  /** Of each depth: preemptions spent, threads and deaths still to try, and which value of chance is next. */
  #spent = numbers(1024)
  #toRun = numbers(1024)
  #toDie = numbers(1024)
  #variant = numbers(1024)
  #bound = 0
  /** Whether something was left out in this round. */
  #cut = false
  #began = false

  constructor(private readonly search: Search) {
    this.#row = new StateRow(search.machine)
  }

  advance(steps: number): boolean {
    const { machine, tally, options } = this.search
    if (!this.#began) {
      this.#began = true
      if (this.#enter(0)) return true
    }
    const until = tally.steps + steps
    while (tally.steps < until) {
      const choice = this.#next()
      if (choice >= 0) {
        tally.steps += 1
        if (this.#forward(choice)) return true
        if (tally.states >= options.states) return true
      } else if (machine.depth > 0) {
        this.#back()
      } else if (this.#roundEnds()) {
        return true
      }
    }
    return false
  }

  /** The next round allows one preemption more. */
  #roundEnds(): boolean {
    const { tally, options } = this.search
    tally.preemptions = this.#bound
    tally.exhausted = !this.#cut
    if (!this.#cut || this.#bound >= options.mostPreemptions) return true
    this.#bound += 1
    this.#cut = false
    this.#table = new RowTable()
    return this.#enter(0)
  }

  #enter(spent: number): boolean {
    const { machine, judge, tally } = this.search
    const { depth } = machine
    if (depth + 1 >= this.#spent.length) this.#grow()
    this.#spent[depth] = spent
    this.#toRun[depth] = 0
    this.#toDie[depth] = 0
    this.#variant[depth] = 0
    if (!this.#leadsOn(spent)) return false
    const enabled = machine.enabled()
    if (enabled === 0) {
      tally.traces += 1
      return judge.atEnd()
    }
    this.#toDie[depth] = machine.mayDie()
    const last = this.#lastThread()
    const goesOn = last >= 0 ? enabled & (1 << last) : 0
    if (goesOn !== 0 && spent >= this.#bound) {
      this.#toRun[depth] = goesOn
      if (goesOn !== enabled) this.#cut = true
    } else {
      this.#toRun[depth] = enabled
    }
    return false
  }

  #leadsOn(spent: number): boolean {
    const { judge, tally } = this.search
    const length = this.#row.write(judge.extra)
    const { row } = this.#row
    // The thread that runs comes first, so that what counts is never cut off as a zero at the end.
    row.copyWithin(1, 0, length)
    row[0] = this.#lastThread() + 2
    const state = this.#table.add(row, length + 1)
    if (this.#table.isNew) {
      tally.states += 1
      if (state >= this.#spentAt.length) this.#spentAt = wider(this.#spentAt)
      this.#spentAt[state] = NEVER
    }
    if ((this.#spentAt[state] as number) <= spent) return false
    this.#spentAt[state] = spent
    return true
  }

  /** The thread that runs: the last that made a step and did not die. */
  #lastThread(): number {
    const { machine } = this.search
    if (machine.depth === 0) return -1
    const choice = machine.choice[machine.depth - 1] as number
    return isDeath(choice) ? -1 : threadOf(choice)
  }

  #next(): number {
    const { machine } = this.search
    const { depth } = machine
    const toRun = this.#toRun[depth] as number
    if (toRun !== 0) {
      const last = this.#lastThread()
      const bit = last >= 0 && toRun & (1 << last) ? 1 << last : toRun & -toRun
      const thread = 31 - Math.clz32(bit)
      const variant = this.#variant[depth] as number
      const isLast = variant + 1 >= machine.variants(thread)
      this.#variant[depth] = isLast ? 0 : variant + 1
      if (isLast) this.#toRun[depth] = toRun & ~bit
      return choiceOf(thread, variant)
    }
    const toDie = this.#toDie[depth] as number
    if (toDie === 0) return -1
    this.#toDie[depth] = toDie & (toDie - 1)
    return deathOf(31 - Math.clz32(toDie & -toDie))
  }

  #forward(choice: number): boolean {
    const { machine, judge } = this.search
    const { depth } = machine
    const last = this.#lastThread()
    const preempts = last >= 0 && last !== threadOf(choice) && !isDeath(choice) && machine.enabled() & (1 << last)
    machine.step(choice)
    if (judge.afterStep()) return true
    return this.#enter((this.#spent[depth] as number) + (preempts ? 1 : 0))
  }

  #back(): void {
    this.search.judge.beforeUndo()
    this.search.machine.undo()
  }

  #grow(): void {
    this.#spent = wider(this.#spent)
    this.#toRun = wider(this.#toRun)
    this.#toDie = wider(this.#toDie)
    this.#variant = wider(this.#variant)
  }
}
