import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import { Cell, epochOf, Small, stateOf } from './small-breaker.js'

const automatic: Readonly<Record<number, readonly number[]>> = {
  [Small.closed]: [Small.open],
  [Small.open]: [Small.halfOpen],
  [Small.halfOpen]: [Small.closed, Small.open],
  [Small.forcedOpen]: [],
}

const names = ['closed', 'open', 'half-open', 'forced-open']

/** Each write of the control word: one epoch on, and as the state machine allows; `manual` ones may be set from any state. */
export function legalTransitions(manual: readonly number[] = []): Question {
  return {
    onWrite(cell, before, after) {
      if (cell !== Cell.control) return
      const [from, to] = [stateOf(before), stateOf(after)]
      const isLegal = manual.includes(to) || (automatic[from]?.includes(to) ?? false)
      const what = `${names[from]} (epoch ${epochOf(before)}) → ${names[to]} (epoch ${epochOf(after)})`
      if (!isLegal) throw new Error(`${what}: no circuit may do this`)
      if (epochOf(after) !== epochOf(before) + 1) throw new Error(`${what}: the epoch must be one more`)
    },
  }
}

/** Of all threads' results, those equal to `what` are at most so many. Bodies return an array of results each. */
export function atMost(most: number, what: string): Question {
  return {
    check(_cells, returned) {
      const found = count(returned, what)
      if (found > most) throw new Error(`"${what}" ${found} times; allowed: ${most}`)
    },
  }
}

/** The circuit ends in one of these states. */
export function endsIn(...states: readonly number[]): Question {
  return {
    check(cells: Cells) {
      const state = stateOf(cells.load(Cell.control))
      if (states.includes(state)) return
      throw new Error(`it ends ${names[state]}; it must be ${states.map((wanted) => names[wanted]).join(' or ')}`)
    },
  }
}

/** Calls that a half-open circuit lets through, which bodies return as `admitted`. */
export function admission(permitted: number): Question {
  return atMost(permitted, 'admitted')
}

export function count(returned: readonly unknown[], what: unknown): number {
  return returned.flat().filter((result) => result === what).length
}
