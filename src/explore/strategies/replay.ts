import { ExploreError } from '../errors.js'
import { choiceOf, isDeath, threadOf, variantOf } from '../machine/choice.js'
import type { Search, Strategy } from '../strategy.js'

/**
 * One execution, as a schedule says; after its end the threads go on one after another. Throws an `ExploreError` if the
 * schedule has a thread make a step that can make none: it is then of another program, or this one has changed.
 */
export class Replay implements Strategy {
  constructor(private readonly search: Search) {}

  advance(steps: number): boolean {
    const { machine, judge, tally } = this.search
    for (let step = 0; step < steps; step++) {
      const choice = this.#next()
      if (choice < 0) {
        tally.traces += 1
        judge.atEnd()
        return true
      }
      tally.steps += 1
      machine.step(choice)
      if (judge.afterStep()) return true
    }
    return false
  }

  #next(): number {
    const { machine, options } = this.search
    if (machine.depth < options.schedule.length) return this.#scheduled(options.schedule[machine.depth] as number)
    const enabled = machine.enabled()
    return enabled === 0 ? -1 : choiceOf(31 - Math.clz32(enabled & -enabled), 0)
  }

  #scheduled(choice: number): number {
    const { machine } = this.search
    const thread = threadOf(choice)
    const can = isDeath(choice)
      ? machine.mayDie() & (1 << thread)
      : thread < machine.threads && machine.canStep(thread) && variantOf(choice) < machine.variants(thread)
    if (can) return choice
    const what = isDeath(choice) ? 'die' : 'make a step'
    throw new ExploreError(
      'ERR_BAD_SCHEDULE',
      `step ${machine.depth + 1} of the schedule: thread ${thread} cannot ${what}; the schedule is of another program, or this one has changed`,
    )
  }
}
