import type { Search } from '../strategy.js'

/**
 * One execution after another, each from the beginning, each step as `choose` says: what strategies share that don't go back step by
 * step. True from `step`: it has come to its end.
 */
export class Walk {
  constructor(
    private readonly search: Search,
    /** What to do next, when threads in the mask can go on. */
    private readonly choose: (enabled: number) => number,
    /** An execution begins. */
    private readonly begin: () => void,
  ) {}

  #underWay = false

  advance(steps: number): boolean {
    const { tally } = this.search
    const until = tally.steps + steps
    while (tally.steps < until) if (this.#step()) return true
    return false
  }

  #step(): boolean {
    const { machine, judge, tally, options } = this.search
    if (!this.#underWay) {
      this.begin()
      this.#underWay = true
    }
    const enabled = machine.enabled()
    tally.steps += 1
    if (enabled !== 0) {
      machine.step(this.choose(enabled))
      return judge.afterStep()
    }
    tally.traces += 1
    if (judge.atEnd()) return true
    while (machine.depth > 0) {
      judge.beforeUndo()
      machine.undo()
    }
    this.#underWay = false
    return tally.traces >= options.executions
  }
}
