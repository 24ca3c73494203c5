import { ControlWords, lifeOf, State, stateName, stateOf } from '../../breaker/life/control-word.js'
import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import type { BreakerProgram } from './breaker-program.js'

const automatic: Readonly<Record<number, readonly number[]>> = {
  [State.closed]: [State.open],
  [State.open]: [State.halfOpen],
  [State.halfOpen]: [State.closed, State.open],
}

type Told = 'success' | 'error' | 'ignored' | 'refused' | 'stale'

/** Each write of the control word begins one life more, as the state machine allows, or only marks the one in force. */
export function legalTransitions({ map }: BreakerProgram, manual: readonly number[] = []): Question {
  const words = new ControlWords(map.sizes.slots)
  return {
    onWrite(cell, before, after) {
      if (cell !== map.control || lifeOf(before) === lifeOf(after)) return
      const [from, to] = [stateOf(lifeOf(before)), stateOf(lifeOf(after))]
      const what = `${stateName(before)} (epoch ${words.sequenceOf(before)}) → ${stateName(after)} (epoch ${words.sequenceOf(after)})`
      if (!manual.includes(to) && !automatic[from]?.includes(to)) throw new Error(`${what}: no circuit may do this`)
      if (words.distance(words.sequenceOf(before), words.sequenceOf(after)) !== 1) {
        throw new Error(`${what}: the epoch must be one more`)
      }
    },
  }
}

/**
 * What threads say that they reported is what the circuit has counted: bodies return texts of which each letter is one call. F and S
 * are failures and successes that counted, I one that was released, f, s and i such that were stale, − one that was refused.
 */
export function conservation(program: BreakerProgram): Question {
  return {
    check(cells, returned) {
      if (returned.includes(undefined)) return
      const { total } = program.snapshot(cells)
      const all = returned.map(String).join('')
      const told = {
        success: times(all, 'S'),
        error: times(all, 'F'),
        ignored: times(all, 'I'),
        refused: times(all, '-'),
        stale: times(all, 's') + times(all, 'f') + times(all, 'i'),
      }
      for (const [outcome, count] of Object.entries(told) as [Told, number][]) {
        const counted = total[outcome]
        if (counted !== count) throw new Error(`${outcome}: ${count} calls ended so, ${counted} are counted`)
      }
    },
  }
}

/** Of the calls that bodies return, those that a half-open circuit let through, P, are at most so many. */
export function admission(permitted: number): Question {
  return {
    check(_cells, returned) {
      const probes = times(returned.map(String).join(''), 'P')
      if (probes > permitted) throw new Error(`${probes} probes were admitted; permitted: ${permitted}`)
    },
  }
}

/** After the execution, so many successes after the longest wait close the circuit, whoever died. */
export function recovery(program: BreakerProgram, calls: number, laterMs: number): Question {
  return {
    check(cells: Cells, returned) {
      const state = program.afterRecovery(cells, returned, calls, laterMs)
      if (state !== 'closed') throw new Error(`after ${calls} successes, ${laterMs} ms apart, it is still ${state}`)
    },
  }
}

/** The same, where nobody has seen whether a thread ended: what it holds runs out by itself. */
export function recoveryUnseen(program: BreakerProgram, calls: number, laterMs: number): Question {
  return {
    check(cells: Cells) {
      const state = program.afterRecovery(cells, [], calls, laterMs)
      if (state !== 'closed') throw new Error(`after ${calls} successes, ${laterMs} ms apart, it is still ${state}`)
    },
  }
}

/** What a snapshot says is in the window of failures in a row is what decides: so many more than it open the circuit. */
export function measured(program: BreakerProgram, size: number): Question {
  return {
    check(cells) {
      const { state, failures } = program.snapshot(cells)
      if (state !== 'closed') return
      const left = program.failuresToOpen(cells, size + 1)
      if (failures + left !== size)
        throw new Error(`${failures} failures are measured, and ${left} more open it; it takes ${size}`)
    },
  }
}

export function times(text: string, letter: string): number {
  return text.split(letter).length - 1
}
