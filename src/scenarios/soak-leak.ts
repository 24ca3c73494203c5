import { planOf } from '../plan-options.js'
import type { Scenario } from '../scenario.js'
import { soakCheckers, soakParts } from '../soak/course.js'

const name = 'soak-leak'
/** The original's 50 are 1,500 calls, of which 100 bytes each are less than the code that V8 still compiles; `--rate 50` asks for them. */
const CALLS_PER_SECOND = 1000

const scenario: Scenario = {
  name,
  description:
    '30 s at 1,000 calls/s: each allocates about 2 KB and awaits 10–20 ms, 5 % fail. What stays in memory, and who holds it? --rate, --duration, or --in-flight for as fast as it goes.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan(options) {
    const { inFlight } = options
    const ratePerSecond = options.ratePerSecond ?? CALLS_PER_SECOND
    const isOpen = inFlight === undefined || options.ratePerSecond !== undefined
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 2,
        operation: 'async',
        behaviour: { latency: { type: 'uniform', minMs: 10, maxMs: 20 }, errorRate: 0.05, hangRate: 0, resetRate: 0 },
        breaker: {
          slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
          failureRateThreshold: 0.5,
          minimumCalls: 20,
          waitDurationInOpenStateMs: 1000,
          permittedNumberOfCallsInHalfOpenState: 5,
        },
        timeoutMs: 1000,
        pauseAfterRefusalMs: 5,
      },
      options,
      {
        ...soakParts(name, options),
        load: isOpen ? { model: 'open', ratePerSecond } : { model: 'closed', inFlight },
        payloadBytes: 2048,
        marks: {
          retainedMbMax: 20,
          retainedBytesPerCallMax: 100,
          ...(isOpen ? { throughputPerSecondMin: 0.7 * ratePerSecond } : {}),
        },
        checkers: [...soakCheckers],
      },
    )
  },
}

export default scenario
