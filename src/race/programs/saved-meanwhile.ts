import { Leases } from '../../breaker/admission/leases.js'
import type { Circuit } from '../../breaker/circuit.js'
import { ControlWords, State, watched } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { restoreRegion, type SerializedBreaker, serializeBreaker } from '../../breaker/serialization.js'
import type { MemoryMap } from '../../breaker/storage/memory-map.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { calls } from '../shipped/calls.js'

const PERMITTED = 3
const OPERATIONS = 1_500
const clock = { nowMs: () => 0 }

/** What a saved circuit was, in short; its times by how long it stays open, as wall time moves on. */
function shortOf({ state, epoch, attempt, window, probes, sinceMs, retryAtMs }: SerializedBreaker): string {
  const failures = window.reduce((sum, content) => sum + content.failures, 0)
  const waitMs = Math.round(retryAtMs - sinceMs)
  return `${state} ${epoch}, attempt ${attempt}, failures ${failures}, probes ${probes.calls}, ${waitMs} ms`
}

/** Saves the circuit while others go on; returns it without what no other run would give again. */
const saves =
  (mapOf: () => MemoryMap): BreakerAct =>
  ({ circuit, world }, _call, cells) => {
    const saved = serializeBreaker(cells, mapOf(), circuit, world.clock)
    const waitMs = Math.round(saved.retryAtMs - saved.sinceMs)
    const window = saved.window.map((content) => ({ ...content, atMs: 0 }))
    return JSON.stringify({ ...saved, sinceMs: 0, retryAtMs: waitMs, window })
  }

function failsOnce(circuit: Circuit): void {
  circuit.fail(circuit.tryAcquire())
}

function probesOnce(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
  circuit.succeed(circuit.tryAcquire())
}

const resetsAndFails: BreakerAct = ({ circuit }) => {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
  failsOnce(circuit)
}

/** In another half-open life than the one that it finds. */
const probesAnew: BreakerAct = ({ circuit }) => probesOnce(circuit)

interface Saved {
  readonly name: string
  readonly prepare: (circuit: Circuit) => void
  readonly act: BreakerAct
  /** What there was, at one moment or another. */
  readonly moments: readonly string[]
}

const saved: readonly Saved[] = [
  {
    name: 'a failure opens it',
    prepare: failsOnce,
    act: calls('F'),
    moments: [
      'closed 0, attempt 0, failures 1, probes 0, 0 ms',
      'closed 0, attempt 0, failures 2, probes 0, 0 ms',
      'open 1, attempt 1, failures 0, probes 0, 500 ms',
    ],
  },
  {
    name: 'it is reset, and a call fails',
    prepare: failsOnce,
    act: resetsAndFails,
    moments: [
      'closed 0, attempt 0, failures 1, probes 0, 0 ms',
      'closed 1, attempt 0, failures 0, probes 0, 0 ms',
      'closed 1, attempt 0, failures 1, probes 0, 0 ms',
    ],
  },
  {
    name: 'it is made half-open anew, and probed',
    prepare: probesOnce,
    act: probesAnew,
    moments: [
      'half-open 1, attempt 0, failures 0, probes 1, 0 ms',
      'half-open 2, attempt 0, failures 0, probes 0, 0 ms',
      'half-open 2, attempt 0, failures 0, probes 1, 0 ms',
    ],
  },
]

/** It was so, at one moment, and a process that goes on from it finds the same. */
function ofOneMoment(breaker: BreakerProgram, moments: readonly string[]): Question {
  const sound = new Set<unknown>()
  return {
    check(_cells, [, text]) {
      if (sound.has(text)) return
      const one = JSON.parse(String(text)) as SerializedBreaker
      if (!moments.includes(shortOf(one))) throw new Error(`saved was what never was: ${shortOf(one)}`)
      const again = restored(breaker, one)
      if (again !== shortOf(one)) throw new Error(`saved: ${shortOf(one)}; restored: ${again}`)
      sound.add(text)
    },
  }
}

function restored(breaker: BreakerProgram, one: SerializedBreaker): string {
  const { map } = breaker
  const cells: Cells = new PrivateCells(map.size)
  restoreRegion(cells, map, one, clock)
  const { state, epoch, attempt, failures, sinceMs, retryAtMs = sinceMs } = breaker.snapshot(cells)
  const control = cells.load(map.control)
  if (state === 'closed' && control !== watched(control)) return 'a circuit whose successes end no row of failures'
  const leases = new Leases(cells, map, new ControlWords(map.sizes.slots), 0)
  const probes = leases.count(control, PERMITTED)
  return shortOf({
    ...one,
    state,
    epoch,
    attempt,
    probes,
    sinceMs,
    retryAtMs,
    window: [{ ...probes, failures, atMs: 0 }],
  })
}

const program: RacedProgram = {
  claim: 'A circuit is saved while others go on: as it was at one moment, and so it is restored.',

  cases: () =>
    saved.map(({ name, prepare, act, moments }): RacedCase => {
      const breaker: BreakerProgram = new BreakerProgram({
        options: {
          slidingWindow: { type: 'consecutive', size: 2 },
          permittedNumberOfCallsInHalfOpenState: PERMITTED,
          waitDurationInOpenStateMs: 500,
        },
        acts: [act, saves(() => breaker.map)],
        prepare,
      })
      return {
        name: `it is saved while ${name}`,
        effort: 'quick',
        program: breaker.program,
        questions: { conservation: ofOneMoment(breaker, moments) },
        // Who saves looks again for as long as others change it, which they do once or twice.
        how: { nameOfCell: breaker.nameOfCell, budget: { operations: OPERATIONS } },
      }
    }),
}

export default program
