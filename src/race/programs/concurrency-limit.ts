import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { windows } from '../shipped/windows.js'

/** Calls that count themselves while they run. */
const counted =
  (endings: string, limit: number, underWay: () => number): BreakerAct =>
  ({ circuit }, _call, cells) => {
    let became = ''
    for (const ending of endings) {
      const permission = circuit.tryAcquire()
      if (permission === 0) {
        became += '-'
        continue
      }
      if (cells.add(underWay(), 1) >= limit) throw new Error(`more than ${limit} calls are under way`)
      cells.sub(underWay(), 1)
      const applied = ending === 'F' ? circuit.fail(permission) : circuit.succeed(permission)
      became += applied ? ending : ending.toLowerCase()
    }
    return became
  }

const races: readonly { acts: string[]; limit: number; deaths: number; effort: Effort }[] = [
  { acts: ['SS', 'SS'], limit: 1, deaths: 0, effort: 'quick' },
  { acts: ['SF', 'FS'], limit: 1, deaths: 0, effort: 'quick' },
  { acts: ['S', 'S', 'S'], limit: 2, deaths: 0, effort: 'quick' },
  { acts: ['SS', 'S', 'S'], limit: 1, deaths: 0, effort: 'default' },
]

const program: RacedProgram = {
  claim: 'No more calls are under way at once than the limit allows, over all threads.',

  cases: () =>
    races.map(({ acts, limit, deaths, effort }): RacedCase => {
      const options = { ...windows.consecutive, maxConcurrentCalls: limit }
      const breaker: BreakerProgram = new BreakerProgram({
        options,
        acts: acts.map((endings) => counted(endings, limit, () => breaker.map.size)),
        deaths,
        extraCells: 1,
      })
      return {
        name: `${acts.join(', ')}; at most ${limit}`,
        effort,
        program: breaker.program,
        questions: {
          assertion: {},
          'legal-transitions': legalTransitions(breaker),
          conservation: conservation(breaker),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
