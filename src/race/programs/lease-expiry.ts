import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS } from '../shipped/breaker-program.js'
import { conservation, legalTransitions, recovery, recoveryUnseen, times } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { TIME_PASSED, waitUntil } from '../shipped/waiting.js'

const LEASE_MS = 50
const WAIT_MS = 100

function halfOpen(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
}

/** Is given a permission, and never reports. */
const hangs: BreakerAct = ({ circuit }) => (circuit.tryAcquire() === 0 ? 'refused' : 'hangs')

/** Is given a permission, another when that has run out, and a third; then it reports the second, too late, and the third. */
const thrice: BreakerAct = ({ circuit }) => {
  const permissions = [circuit.tryAcquire(), circuit.tryAcquire(), circuit.tryAcquire()]
  const [, second = 0, third = 0] = permissions
  if (permissions.includes(0)) return 'fewer'
  const late = circuit.fail(second)
  return `late ${late}, in time ${circuit.succeed(third)}`
}

const lateIsStale: Question = {
  check(_cells, [result]) {
    if (String(result).startsWith('late') && result !== 'late false, in time true') throw new Error(String(result))
  },
}

/** Hangs, and says in a cell of its own that its permission and its deadline are written. */
const hangsOpenly =
  (told: () => number): BreakerAct =>
  ({ circuit, world }, _call, cells) => {
    const inTime = world.clock.nowMs() === START_MS
    if (circuit.tryAcquire() !== 0 && world.clock.nowMs() === START_MS && inTime) cells.store(told(), 1)
  }

/** Comes when the lease of the one that hangs has run out. */
const takesOver =
  (told: () => number): BreakerAct =>
  ({ circuit, world }, _call, cells) => {
    if (cells.load(told()) === 0 || world.clock.nowMs() === START_MS) return 'too early'
    return circuit.tryAcquire() === 0 ? 'refused' : 'admitted'
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
      { name: 'one hangs, one succeeds', acts: [hangs, calls('S')], deaths: 0, effort: 'quick' as const },
      { name: 'both hang', acts: [hangs, hangs], deaths: 0, effort: 'quick' as const },
      { name: 'one dies, and nobody sees it', acts: [hangs, calls('S')], deaths: 1, effort: 'quick' as const },
      {
        name: 'either may die, and nobody sees it',
        acts: [calls('S'), calls('S')],
        deaths: 1,
        effort: 'default' as const,
      },
    ].map(({ name, acts, deaths, effort }): RacedCase => {
      const breaker = breakerOf(acts, 1, deaths)
      return {
        name,
        effort,
        program: breaker.program,
        // A claim without a deadline is given one at the first look, so the lease may have to run out twice.
        questions: { recovery: recoveryUnseen(breaker, 4, WAIT_MS + LEASE_MS) },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
    lateReport(),
    onTime(),
    freeFirst(),
    notTakenAway(),
  ],
}

function lateReport(): RacedCase {
  const breaker = breakerOf([thrice], 2)
  return {
    name: 'a thread whose leases ran out has a third',
    effort: 'quick',
    program: breaker.program,
    questions: { 'stale-results': lateIsStale },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function onTime(): RacedCase {
  const told = () => breaker.map.size
  const breaker: BreakerProgram = breakerOf([hangsOpenly(told), takesOver(told)], 1)
  return {
    name: 'a lease that has run out is free for the next who asks',
    effort: 'quick',
    program: breaker.program,
    questions: {
      recovery: {
        check(_cells, [, next]) {
          if (next === 'refused') throw new Error('its lease has run out, and the next who asks is refused')
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

/** Of two leases one runs out: the free one goes to the first who asks, and the other is left for the second. */
function freeFirst(): RacedCase {
  const asks: BreakerAct = ({ circuit, world: { clock } }) => {
    const first = circuit.tryAcquire()
    if (clock.nowMs() !== START_MS) return TIME_PASSED
    waitUntil(clock, START_MS + LEASE_MS + 1)
    const permissions = [first, circuit.tryAcquire(), circuit.tryAcquire()]
    return permissions.map((permission) => (permission === 0 ? '-' : 'P')).join('')
  }
  const breaker = breakerOf([asks], 1, 0, 2)
  return {
    name: 'one of two leases runs out, and two more ask',
    effort: 'quick',
    program: breaker.program,
    questions: {
      conservation: {
        check(_cells, [became]) {
          if (became !== TIME_PASSED && became !== 'PPP') throw new Error(`it came to ${became}; it must be PPP`)
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

/** While no time passes, a claim is given up by its thread alone, also if that has died before it wrote the deadline. */
function notTakenAway(): RacedCase {
  const breaker = breakerOf([hangs, hangs, hangs], 0, 1)
  return {
    name: 'no time passes; one may die',
    effort: 'quick',
    program: breaker.program,
    questions: {
      'legal-transitions': {
        onWrite(cell, before, _after, thread) {
          const owner = before & 0x3ff
          if (cell !== breaker.map.lease(0) || owner === 0 || owner > 3 || owner === thread + 1) return
          throw new Error(`thread ${thread} took the lease of thread ${owner - 1}, which has not run out`)
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function breakerOf(acts: readonly BreakerAct[], ticks: number, deaths = 0, permitted = 1): BreakerProgram {
  const options = {
    slidingWindow: { type: 'consecutive', size: 9 } as const,
    permittedNumberOfCallsInHalfOpenState: permitted,
    leaseDurationMs: LEASE_MS,
    waitDurationInOpenStateMs: WAIT_MS,
  }
  const ticksMs = new Array(ticks).fill(LEASE_MS + 1)
  return new BreakerProgram({ options, acts, prepare: halfOpen, ticksMs, deaths, extraCells: 1 })
}

export default program
