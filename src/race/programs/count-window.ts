import type { Circuit } from '../../breaker/circuit.js'
import { ControlWords, State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { Counters } from '../../breaker/threads/counters.js'
import { CountWindow } from '../../breaker/windows/count.js'
import type { Body } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { conservation } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { cellName } from '../shipped/cell-name.js'

/** A later life than that which memory of nothing but zeros would be taken for. */
function nextLife(circuit: Circuit): void {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
}

/** The last call that a verdict needs may be of any thread, and be recorded at any moment. */
function verdictCase(acts: readonly string[]): RacedCase {
  const rules = { slidingWindow: { type: 'count', size: 2 }, minimumCalls: 2, failureRateThreshold: 0.5 } as const
  const breaker = new BreakerProgram({ options: rules, acts: acts.map(calls), prepare: nextLife })
  return {
    name: `${acts.join(', ')}: opens`,
    effort: 'quick',
    program: breaker.program,
    questions: {
      conservation: conservation(breaker),
      'no-lost-update': {
        check(cells) {
          const { state } = breaker.snapshot(cells)
          if (state !== 'open') throw new Error(`half of the last two calls failed, and it is ${state}`)
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

const SIZE = 8
/** One slow call of six is too many. So few that the window knows in advance when it need not be read. */
const { configuration, sizes } = resolveOptions({
  name: 'raced',
  maxThreads: 2,
  slidingWindow: { type: 'count', size: SIZE },
  minimumCalls: 6,
  failureRateThreshold: 1,
  slowCallDurationThresholdMs: 50,
  slowCallRateThreshold: 1 / 6,
})
const map = new MemoryMap(0, { ...sizes, events: 4 })
const words = new ControlWords(map.sizes.slots)
const life = words.compose(State.closed, 5, 0)

function windowOf(cells: Cells, slot: number): CountWindow {
  const counters = new Counters(cells, map.counters(slot))
  const clock = { nowMs: () => 0 }
  return new CountWindow({ cells, map, words, counters, slot, clock, configuration }, SIZE)
}

/** S succeeded; small letters were slow, and failed or not. Returns what the window said of each, and holds at the end. */
const records =
  (letters: string): Body<CountWindow> =>
  (_cells, _call, window) => {
    const verdicts = [...letters].map((letter) => {
      if (letter === 'S') return window.recordSuccess(life)
      return window.recordSlow(life, letter === 'f')
    })
    return { verdicts, measured: window.measure(life) }
  }

/** Each sequence, and which of its calls is the first that opens. */
const slowCalls: readonly { letters: string; opensAt: number; failures: number }[] = [
  { letters: 'sSSSSS', opensAt: 6, failures: 0 },
  { letters: 'SSSSSf', opensAt: 6, failures: 1 },
  { letters: 'SSSSSSs', opensAt: 0, failures: 0 },
]

function slowCase({ letters, opensAt, failures }: (typeof slowCalls)[number]): RacedCase {
  return {
    name: `one slow call of ${letters.length}: ${letters}`,
    effort: 'quick',
    program: {
      cells: map.size,
      setup: (cells) => {
        cells.store(map.control, words.compose(State.closedWatched, 5, 0))
        return (own, { thread }) => windowOf(own, thread)
      },
      threads: [records(letters)],
    },
    questions: {
      'no-lost-update': {
        check(_cells, [returned]) {
          const { verdicts, measured } = returned as { verdicts: number[]; measured: Record<string, number> }
          const due = { calls: letters.length, failures, slow: 1 }
          if (JSON.stringify(measured) !== JSON.stringify(due)) {
            throw new Error(`it measures ${JSON.stringify(measured)}; recorded are ${JSON.stringify(due)}`)
          }
          const opened = verdicts.indexOf(Reason.slowCallRate) + 1
          if (opened !== opensAt) throw new Error(`call ${opened} opens it; due is call ${opensAt} (0: none)`)
        },
      },
    },
    how: { nameOfCell: (cell) => cellName(map, cell) },
  }
}

const program: RacedProgram = {
  claim: 'The last calls decide as soon as they reach a rate, whichever thread records the one that makes them enough.',

  cases: () => [...[['S', 'F'], ['FS']].map(verdictCase), ...slowCalls.map(slowCase)],
}

export default program
