import { BreakerProgram } from '../breaker-program.js'
import { conservation, legalTransitions } from '../breaker-questions.js'
import { calls } from '../calls.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { windows } from '../windows.js'

const effortOf: Readonly<Record<string, Effort>> = { consecutive: 'default', count: 'deep', time: 'default' }

const program: RacedProgram = {
  claim:
    'Three threads with two calls each, over each window: every result is counted once, and every transition is legal.',

  cases: () =>
    Object.entries(windows).map(([window, rules]): RacedCase => {
      const breaker = new BreakerProgram({ options: rules, acts: ['FS', 'SF', 'FF'].map(calls) })
      return {
        name: window,
        effort: effortOf[window] ?? 'default',
        program: breaker.program,
        questions: { 'legal-transitions': legalTransitions(breaker), conservation: conservation(breaker) },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
