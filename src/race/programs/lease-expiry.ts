import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS } from '../shipped/breaker-program.js'
import { conservation, legalTransitions, recovery, recoveryUnseen, times } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'

const LEASE_MS = 50
const WAIT_MS = 100

function halfOpen(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
}

/** Is given a permission, and never reports. */
const hangs: BreakerAct = ({ circuit }) => (circuit.tryAcquire() === 0 ? 'refused' : 'hangs')

/** Is given a permission, and another when the first has run out; then it reports both, the first too late. */
const twice: BreakerAct = ({ circuit }) => {
  const first = circuit.tryAcquire()
  const second = first === 0 ? 0 : circuit.tryAcquire()
  if (second === 0 || !circuit.calls.isProbe(second)) return 'once'
  const late = circuit.fail(first)
  return `late ${late}, in time ${circuit.succeed(second)}`
}

const lateIsStale: Question = {
  check(_cells, [result]) {
    if (String(result).startsWith('late') && result !== 'late false, in time true') throw new Error(String(result))
  },
}

/** Comes only once time has passed, so nobody can take its lease for one that ran out. */
const late: BreakerAct = (end, call, cells) => {
  return end.world.clock.nowMs() === START_MS ? '' : calls('S')(end, call, cells)
}

/** A lease that cannot run out any more is its holder's, and its success counts. */
const lastHolderCounts: Question = {
  check(_cells, [, last]) {
    if (String(last).includes('Ps')) throw new Error('the lease of the last holder was taken away from it')
  },
}

/** One lease that runs out lets one probe more in, and the report of the one that lost it decides nothing. */
function oneMore(ticks: number): Question {
  return {
    check(_cells, returned) {
      const all = returned.map(String).join('')
      const [probes, applied] = [times(all, 'P'), times(all, 'PS') + times(all, 'PF')]
      if (probes > 1 + ticks)
        throw new Error(`${probes} probes were admitted; allowed: 1, and 1 for each lease that ran out`)
      if (applied > 1) throw new Error(`${applied} probes' reports were applied; allowed: 1`)
    },
  }
}

const races: readonly { acts: string[]; ticks: number; effort: Effort }[] = [
  { acts: ['S', 'S'], ticks: 1, effort: 'quick' },
  { acts: ['F', 'I'], ticks: 1, effort: 'quick' },
  { acts: ['S', 'S', 'I'], ticks: 1, effort: 'deep' },
  { acts: ['S', 'I'], ticks: 2, effort: 'default' },
]

const program: RacedProgram = {
  claim: 'A probe that hangs loses its permission to another when its lease runs out; its late report decides nothing.',

  cases: () => [
    ...races.map(({ acts, ticks, effort }): RacedCase => {
      const breaker = breakerOf(acts.map(calls), ticks)
      const released = acts.join('').includes('I')
      return {
        name: `${acts.join(', ')}; ${ticks === 1 ? 'one lease' : `${ticks} leases`} may run out`,
        effort,
        program: breaker.program,
        questions: {
          'legal-transitions': legalTransitions(breaker),
          ...(released ? {} : { 'half-open-admission': oneMore(ticks) }),
          conservation: conservation(breaker),
          recovery: recovery(breaker, 4, WAIT_MS + LEASE_MS * ticks),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
    ...['I', 'S', 'F'].map((slow): RacedCase => {
      const breaker = breakerOf([calls(slow), late], 1)
      return {
        name: `${slow}, and S after a lease may have run out`,
        effort: 'quick',
        program: breaker.program,
        questions: {
          'legal-transitions': legalTransitions(breaker),
          'stale-results': slow === 'I' ? lastHolderCounts : {},
          conservation: conservation(breaker),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
    ...[
      { name: 'one hangs, one succeeds', acts: [hangs, calls('S')], deaths: 0 },
      { name: 'both hang', acts: [hangs, hangs], deaths: 0 },
      { name: 'one may die, and nobody sees it', acts: [calls('S'), calls('S')], deaths: 1 },
    ].map(({ name, acts, deaths }): RacedCase => {
      const breaker = breakerOf(acts, 1, deaths)
      return {
        name,
        effort: 'quick',
        program: breaker.program,
        // A claim without a deadline is given one at the first look, so the lease may have to run out twice.
        questions: { recovery: recoveryUnseen(breaker, 4, WAIT_MS + LEASE_MS) },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
    lateReport(),
  ],
}

function lateReport(): RacedCase {
  const breaker = breakerOf([twice], 1)
  return {
    name: 'a thread whose lease ran out has another',
    effort: 'quick',
    program: breaker.program,
    questions: { 'stale-results': lateIsStale },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function breakerOf(acts: readonly BreakerAct[], ticks: number, deaths = 0): BreakerProgram {
  const options = {
    slidingWindow: { type: 'consecutive', size: 9 } as const,
    permittedNumberOfCallsInHalfOpenState: 1,
    leaseDurationMs: LEASE_MS,
    waitDurationInOpenStateMs: WAIT_MS,
  }
  const ticksMs = new Array(ticks).fill(LEASE_MS + 1)
  return new BreakerProgram({ options, acts, prepare: halfOpen, ticksMs, deaths })
}

export default program
