import { isDeepStrictEqual } from 'node:util'
import { Circuit } from '../../breaker/circuit.js'
import { EventLog } from '../../breaker/events/event-log.js'
import { ControlWords, State } from '../../breaker/life/control-word.js'
import { Lifecycle } from '../../breaker/life/lifecycle.js'
import { OpenWait } from '../../breaker/life/open-wait.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import type { Configuration, Rules } from '../../breaker/options.js'
import { resolveRules } from '../../breaker/resolve-options.js'
import { takeSnapshot } from '../../breaker/snapshot.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import { EMPTY_MEASURE } from '../../breaker/window.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const HOUR_MS = 3_600_000

/** Every field is that of one of the circuit's lives and of no other: of mixed rules one can tell which are whose. */
function everything(epoch: number): Rules {
  const tenth = (epoch + 1) / 10
  return {
    slidingWindow: { type: 'time', durationMs: 1000 + epoch, buckets: 2 + epoch },
    failureRateThreshold: tenth,
    slowCallDurationThresholdMs: 10.5 + epoch,
    slowCallRateThreshold: 0.5 + tenth,
    minimumCalls: 20 + epoch,
    waitDurationInOpenStateMs: {
      initialMs: 100.5 + epoch,
      multiplier: 2 + epoch,
      maxMs: (1 + epoch) * HOUR_MS,
      randomizationFactor: tenth,
    },
    permittedNumberOfCallsInHalfOpenState: 1 + epoch,
    maxWaitDurationInHalfOpenStateMs: 70 + epoch,
    transitionToStateAfterWaitDuration: epoch % 2 === 0 ? 'open' : 'closed',
    leaseDurationMs: 0.5 + epoch,
    rampUp: { shares: [tenth, 0.9], stepDurationMs: 30 + epoch },
    quorum: 1 + epoch,
    stalledCalls: { ageMs: 500 + epoch, count: 40 + epoch },
    maxConcurrentCalls: 1 + epoch,
    timeoutMs: 600 + epoch,
  }
}

/** No more than there must be: what another life had is not there. */
function nothing(epoch: number): Rules {
  return { slidingWindow: { type: 'consecutive', size: 3 + epoch }, waitDurationInOpenStateMs: epoch * HOUR_MS }
}

function rulesOf(epoch: number): Configuration {
  return resolveRules(epoch === 2 ? nothing(epoch) : everything(epoch))
}

/** The last life of all; the circuit was created with room for its rules. */
const LAST = 4
const { cells: fresh, map } = memoryOfNew(
  { name: 'raced', maxThreads: 2, eventCapacity: 16, ...everything(LAST) },
  { clock: { nowMs: () => START_MS } },
)
const words = new ControlWords(map.sizes.slots)
const clock = { nowMs: () => START_MS }
const wait = new OpenWait('raced', { next: () => 0.5 }, undefined)

type Body<Local> = Program<Local>['threads'][number]

function lifecycleOf(cells: Cells, slot: number): Lifecycle {
  return new Lifecycle(cells, map, words, slot, clock, wait, () => undefined)
}

function circuitOf(cells: Cells, slot: number): Circuit {
  return new Circuit('raced', cells, map, slot, clock, wait, new EventLog(cells, map, slot))
}

function reconfigure(lifecycle: Lifecycle): void {
  const { life } = lifecycle.life
  const configuration = rulesOf(words.sequenceOf(life) + 1)
  lifecycle.begin(life, State.closed, Reason.reconfigured, EMPTY_MEASURE, { configuration })
}

/** A thread has two places for rules, in turn: with its second change it writes over those that were in force before its first. */
const changes =
  (times: number): Body<Lifecycle> =>
  (_cells, _call, lifecycle) => {
    for (let time = 0; time < times; time++) reconfigure(lifecycle)
  }

function expectRules(configuration: Configuration, epoch: number): void {
  if (isDeepStrictEqual(configuration, rulesOf(epoch))) return
  throw new Error(`the rules of epoch ${epoch} are ${JSON.stringify(configuration)}`)
}

function expectPicture({ life: { life }, configuration }: Lifecycle): number {
  const epoch = words.sequenceOf(life)
  expectRules(configuration, epoch)
  return epoch
}

const attaches: Body<Lifecycle> = (cells) => expectPicture(lifecycleOf(cells, 0))

/** Looks at what it has not seen yet, if there is anything. */
const looks: Body<Lifecycle> = (cells, _call, lifecycle) => {
  const control = cells.load(map.control)
  const agreed = lifecycle.look(control)
  if (!agreed && cells.load(map.control) === control) throw new Error('nothing has moved on, and it is said to have')
  if (agreed && lifecycle.control !== control) throw new Error('its picture is of another life')
  return expectPicture(lifecycle)
}

const takesSnapshot: Body<Circuit> = (cells, _call, circuit) => {
  const { configuration, epoch } = takeSnapshot(cells, map, circuit)
  expectRules(configuration, epoch)
  return epoch
}

/** Where the two tell each other that one has come to its end. */
const TOLD = map.size

/** A failure in the window of the second life; the first had another kind. */
const changesAndFails: Body<Circuit> = (cells, _call, circuit) => {
  circuit.change(Reason.reconfigured, () => ({ state: State.closed, configuration: rulesOf(2) }))
  circuit.fail(circuit.tryAcquire())
  cells.store(TOLD, 1)
  return 'failed'
}

/** A thread that has not met the life of which it is asked. */
const asksLate: Body<Circuit> = (cells, _call, circuit) => {
  if (cells.load(TOLD) === 0) return 'too early'
  const { calls, failures } = takeSnapshot(cells, map, circuit)
  if (calls !== 1 || failures !== 1) throw new Error(`1 call failed; the window has ${failures} of ${calls}`)
  return 'seen'
}

/** Two preemptions are what a mixture takes; these find it a dozen times. */
const sampled = { strategy: 'pct', depth: 3, budget: { executions: 150 } } as const

function caseOf<Local>(
  name: string,
  threads: readonly Body<Local>[],
  localOf: (cells: Cells, thread: number) => Local,
  how: RacedCase['how'],
): RacedCase {
  return {
    name,
    effort: 'quick',
    program: {
      cells: map.size + 1,
      initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
      setup: (cells) => {
        for (const thread of threads.keys()) claimSlot(cells, map, thread + 1)
        reconfigure(lifecycleOf(cells, 1))
        return (own, { thread }) => localOf(own, thread)
      },
      threads,
    } satisfies Program<Local>,
    questions: { assertion: {} },
    how: { ...how, budget: { ...how?.budget, operations: 1_000 }, nameOfCell: (cell) => cellName(map, cell) },
  }
}

const program: RacedProgram = {
  claim: 'Who sees a life has the rules of that very life, and whole, however often they are changed meanwhile.',

  cases: () => [
    caseOf('a thread attaches', [attaches, changes(2)], lifecycleOf, sampled),
    caseOf('a thread looks', [looks, changes(3)], lifecycleOf, sampled),
    caseOf(
      'a snapshot is taken',
      [takesSnapshot, (cells, call, { lifecycle }) => changes(2)(cells, call, lifecycle)],
      circuitOf,
      sampled,
    ),
    caseOf('a snapshot of a life that its thread has not met', [asksLate, changesAndFails], circuitOf, {}),
  ],
}

export default program
