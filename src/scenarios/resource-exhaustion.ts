import { type CaseName, caseFacts, caseNames } from '../exhaustion.js'
import type { BreakerPlan, Marks, Stage } from '../plan.js'
import { planOf, refusedOption } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'resource-exhaustion'
/** A breaker whose window turns by timers or calls needs some four blocks of its event loop to forget what went well before. */
const EXHAUSTED_MS = 2400
const TIMEOUT_MS = 400
const KILLS = 4
/** More to a worker than the breaker's minimum of calls, so that a loop that is blocked once opens it. */
const IN_FLIGHT = 12
/** The original's, over all cases in which anybody is left to count them. */
const CALLS_MIN = 1000
const countable = caseNames.filter((used) => !caseFacts[used].endsProcess)

/**
 * Opens once a tenth of the calls fail, as the original asks. The window is longer than a call may take, or one that counts calls as they
 * begin would forget them before they fail; and short, so that what went well before is soon out of it.
 */
const breaker: BreakerPlan = {
  slidingWindow: { type: 'time', durationMs: 600, buckets: 10 },
  failureRateThreshold: 0.1,
  minimumCalls: 5,
  waitDurationInOpenStateMs: 200,
  permittedNumberOfCallsInHalfOpenState: 2,
}

const scenario: Scenario = {
  name,
  description:
    'Heaps, descriptors, ports, the event loop, processors and a disk are really used up, and workers killed, each in a process of its own: what survives? --case for some of it, --duration for how long.',
  targets: ['shared', 'opossum', 'cockatiel'],

  plan(options) {
    for (const option of ['ratePerSecond', 'requests', 'faults', 'profile', 'profileDirectory'] as const) {
      if (options[option] === undefined) continue
      const why = 'runs its cases in processes of their own, each for a time; say cases and durationMs'
      throw refusedOption(name, option, options[option], why)
    }
    if (options.downstream !== undefined) {
      throw refusedOption(
        name,
        'downstream',
        options.downstream,
        'goes to the machine’s own files, ports and processors',
      )
    }
    const cases = options.cases ?? caseNames
    const counted = cases.filter((used) => countable.includes(used))
    const inFlight = options.inFlight ?? IN_FLIGHT
    const { kills = KILLS, ...rest } = options
    const isKilling = cases.includes('worker-killed')
    if (isKilling ? kills === 0 : options.kills !== undefined) {
      throw refusedOption(name, 'kills', options.kills, 'kills workers in the case worker-killed, and in no other')
    }
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 2,
        operation: 'async',
        behaviour: { latency: { type: 'constant', ms: 0 }, errorRate: 0, hangRate: 0, resetRate: 0 },
        breaker,
        timeoutMs: TIMEOUT_MS,
        pauseAfterRefusalMs: 5,
      },
      { ...rest, ...(isKilling ? { kills } : {}) },
      {
        load: { model: 'closed', inFlight },
        stages: cases.flatMap((used) =>
          stagesOf(used, options.durationMs ?? EXHAUSTED_MS, options.timeoutMs ?? TIMEOUT_MS),
        ),
        exhaustion: { cases: [...cases] },
        // Where the process ends of it, nobody is left to count or to judge a circuit.
        marks: counted.length === 0 ? {} : marksOf(counted.length / countable.length),
        checkers: counted.length === 0 ? ['exhaustion'] : checkers,
      },
    )
  },
}

const checkers = ['legal-transitions', 'conservation', 'half-open-admission', 'exhaustion', 'exhaustion-marks']

/** The original's; a part of the cases makes a part of the calls. What a refusal may cost is ours. */
function marksOf(part: number): Marks {
  return {
    callsMin: Math.ceil(CALLS_MIN * part),
    descriptorsMax: 100,
    memoryGrowthMbMax: 75,
    latencyMsMeanMax: 1000,
    refusedFromErrorRate: 0.1,
    refusalLatencyMsP50Max: 5,
  }
}

function stagesOf(used: CaseName, exhaustedMs: number, timeoutMs: number): Stage[] {
  const stage = (what: string, role: Stage['role'], durationMs: number): Stage => {
    return { name: `${used}: ${what}`, role, durationMs, case: used }
  }
  return [
    stage('warm-up', 'warm-up', 700),
    // On a busy machine first calls may be late enough to open the circuit.
    { ...stage('settled', 'warm-up', 2000), untilCircuit: 'closed' },
    stage('before', 'steady', 500),
    stage('used up', 'outage', exhaustedMs),
    // Calls that began before may fail yet, and open a circuit that was closed at that moment.
    stage('given back', 'recovery', timeoutMs),
    { ...stage('recovery', 'recovery', 4000), untilCircuit: 'closed' },
    stage('after', 'steady', 500),
  ]
}

export default scenario
