import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions, measured } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

/** What each thread's calls end with; and from which effort on, for a window that takes long. */
const patterns: readonly { name: string; acts: [string, string]; effort: (window: string) => Effort }[] = [
  { name: 'all fail', acts: ['FFFF', 'FFFF'], effort: () => 'quick' },
  { name: 'taking turns', acts: ['FSFS', 'SFSF'], effort: (window) => (window === 'count' ? 'default' : 'quick') },
  { name: 'released', acts: ['FIFF', 'IFFS'], effort: (window) => (window === 'count' ? 'default' : 'quick') },
  { name: 'as drawn', acts: ['????', '????'], effort: (window) => (window === 'time' ? 'default' : 'deep') },
]

const program: RacedProgram = {
  claim:
    'Two threads with four calls each, over each window: every result is counted once, and every transition is legal.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      patterns.map(({ name, acts, effort }): RacedCase => {
        const breaker = new BreakerProgram({
          options: rules,
          acts: acts.map(calls),
          random: [0.1, 0.9],
        })
        return {
          name: `${window}, ${name}`,
          effort: effort(window),
          program: breaker.program,
          questions: {
            'legal-transitions': legalTransitions(breaker),
            conservation: conservation(breaker),
            ...(window === 'consecutive'
              ? { 'no-lost-update': measured(breaker, windows.consecutive.slidingWindow.size) }
              : {}),
          },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
