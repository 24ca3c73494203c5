import { EventKind } from '../../breaker/events/event.js'
import { EventLog } from '../../breaker/events/event-log.js'
import { lifeOf, State, stateOf } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'

/** One failure opens it, and it stays open. */
const options = { slidingWindow: { type: 'consecutive', size: 1 } } as const

const TOLD_AS: Readonly<Record<string, number>> = {
  S: EventKind.success,
  F: EventKind.error,
  s: EventKind.stale,
  f: EventKind.stale,
  '-': EventKind.refused,
}

const asksAndCalls =
  (endings: string): BreakerAct =>
  (end, call, cells) => {
    end.log.want()
    return calls(endings)(end, call, cells)
  }

const comesAndGoes: BreakerAct = ({ log }) => {
  log.want()
  log.unwant()
  return ''
}

/** A closed circuit's word says that somebody asks, exactly while somebody does. */
function wordSaysSo({ map }: BreakerProgram): Question {
  return {
    check(cells) {
      const control = cells.load(map.control)
      if (stateOf(lifeOf(control)) !== State.closed) return
      const [says, asked] = [stateOf(control) === State.closedObserved, cells.load(map.demand) !== 0]
      if (says !== asked) throw new Error(`the word says ${says ? '' : 'not '}that somebody asks; it is ${asked}`)
    },
  }
}

/** Every call of a thread that asks, the first, is told of as it ended. */
function allTold({ map }: BreakerProgram): Question {
  return {
    check(cells, [became]) {
      const expected = [...String(became)].map((letter) => TOLD_AS[letter])
      const told = eventsOf(cells, map)
        .filter(({ slot }) => slot === 0)
        .map(({ kind }) => kind)
      if (told.join() !== expected.join()) throw new Error(`of ${became} it was told: ${told.join()}`)
    },
  }
}

function eventsOf(cells: Cells, map: BreakerProgram['map']) {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  const log = new EventLog(copy, map, map.sizes.slots - 1)
  return Array.from({ length: log.head }, (_, position) => {
    const event = log.read(position)
    if (event === 'pending' || event === 'lost') throw new Error(`event ${position} is ${event}`)
    return event
  })
}

const races: readonly { name: string; acts: BreakerAct[] }[] = [
  { name: 'one asks and opens it as another succeeds', acts: [asksAndCalls('FF'), calls('S')] },
  { name: 'one comes and goes as another opens it', acts: [comesAndGoes, calls('F')] },
]

/** What is told of a call: how long it took, if that is known; and of a lease, in which life it was reclaimed. */
const tells: BreakerAct = ({ circuit, log, world: { clock } }) => {
  const plain = circuit.tryAcquire()
  log.want()
  circuit.succeed(plain)
  const asked = clock.nowMs()
  const followed = circuit.tryAcquire()
  const began = clock.nowMs()
  const ended = clock.nowMs()
  circuit.succeed(followed)
  const times = { least: ended - began, most: clock.nowMs() - asked }
  circuit.change(Reason.manual, () => ({ state: State.forcedOpen }))
  circuit.leaseReclaimed(1)
  return JSON.stringify(times)
}

function toldWhole({ map }: BreakerProgram): Question {
  return {
    check(cells, [times]) {
      const { least, most } = JSON.parse(String(times)) as { least: number; most: number }
      const [plain, followed, lease, ...others] = eventsOf(cells, map)
      if (others.length > 0) throw new Error(`${others.length} events too many`)
      if (plain?.kind !== EventKind.success || plain.durationMs !== undefined) {
        throw new Error(`of a call that nobody timed is told: ${JSON.stringify(plain)}`)
      }
      if (!(Number(followed?.durationMs) >= least && Number(followed?.durationMs) <= most)) {
        throw new Error(`the call took ${least} to ${most} ms; it is told that it took ${followed?.durationMs}`)
      }
      if (lease?.kind !== EventKind.leaseReclaimed || lease.slot !== 1 || lease.life !== cells.load(map.control)) {
        throw new Error(`of the lease is told: ${JSON.stringify(lease)}`)
      }
    },
  }
}

function caseOf(
  name: string,
  breaker: BreakerProgram,
  questions: (breaker: BreakerProgram) => RacedCase['questions'],
): RacedCase {
  return {
    name,
    effort: 'quick',
    program: breaker.program,
    questions: questions(breaker),
    how: { nameOfCell: breaker.nameOfCell },
  }
}

const program: RacedProgram = {
  claim:
    'While somebody asks for events, calls are told of and timed, in every state; the word that says so makes no transition.',

  cases: () => [
    ...races.map(({ name, acts }) =>
      caseOf(name, new BreakerProgram({ options, acts }), (breaker) => ({
        'legal-transitions': legalTransitions(breaker),
        'no-lost-update': wordSaysSo(breaker),
        conservation: conservation(breaker),
        ...(acts[0] === comesAndGoes ? {} : { recovery: allTold(breaker) }),
      })),
    ),
    caseOf('what is told of calls', new BreakerProgram({ options, acts: [tells], ticksMs: [7] }), (breaker) => ({
      conservation: toldWhole(breaker),
    })),
  ],
}

export default program
