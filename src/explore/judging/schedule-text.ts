import { ExploreError } from '../errors.js'
import { choiceOf, deathOf, isDeath, threadOf, variantOf } from '../machine/choice.js'

const A = 'a'.charCodeAt(0)

/**
 * A schedule as a short text: a letter for a thread, how many steps it makes in a row if more than one; `:n` before a step whose
 * n-th value of chance was drawn; `!` before a thread that dies. `a12b3!ab` is twelve steps of thread 0, three of thread 1, thread 0's
 * death, and one more step of thread 1.
 */
export function scheduleText(schedule: readonly number[]): string {
  let text = ''
  for (let at = 0; at < schedule.length; ) {
    const choice = schedule[at] as number
    let run = 1
    while (schedule[at + run] === choice) run += 1
    at += run
    const letter = String.fromCharCode(A + threadOf(choice))
    if (isDeath(choice)) text += `!${letter}`.repeat(run)
    else text += `${variantOf(choice) > 0 ? `:${variantOf(choice)}` : ''}${letter}${run > 1 ? run : ''}`
  }
  return text
}

/** Throws an `ExploreError` for a text that is none. */
export function parseSchedule(text: string): number[] {
  const schedule: number[] = []
  const step = /(?:!([a-n]))|(?::(\d{1,2}))?([a-n])(\d{1,6})?/y
  while (step.lastIndex < text.length) {
    const at = step.lastIndex
    const match = step.exec(text)
    if (!match) {
      throw new ExploreError(
        'ERR_BAD_SCHEDULE',
        `no schedule from character ${at + 1} on: "${text.slice(at, at + 20)}"`,
      )
    }
    const [, dead, variant, letter, run] = match
    if (dead) schedule.push(deathOf(dead.charCodeAt(0) - A))
    else {
      const choice = choiceOf((letter as string).charCodeAt(0) - A, Number(variant ?? 0))
      for (let count = 0; count < Number(run ?? 1); count++) schedule.push(choice)
    }
  }
  return schedule
}

/** How often a thread was left that could have gone on: `canGoOn` tells of the thread before each step but the first. */
export function preemptionsOf(schedule: readonly number[], couldGoOn: readonly boolean[]): number {
  let preemptions = 0
  for (let at = 1; at < schedule.length; at++) {
    const left = threadOf(schedule[at - 1] as number) !== threadOf(schedule[at] as number)
    if (left && couldGoOn[at] && !isDeath(schedule[at] as number)) preemptions += 1
  }
  return preemptions
}
