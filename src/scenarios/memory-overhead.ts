import { planOf, refusedOption } from '../plan-options.js'
import type { Scenario } from '../scenario.js'
import { soakCheckers, soakParts } from '../soak/course.js'

const name = 'memory-overhead'
/** The original's 10,000 take a tenth of a second, in which 1 byte a call is V8's own; `--requests 10000` asks for them. */
const REQUESTS = 1_000_000
const LIMIT_MS = 600_000

const scenario: Scenario = {
  name,
  description:
    '1,000,000 calls that return at once: bytes retained for each, less than 100, and in all, less than 5 MB; the bare loop’s own taken out. --requests, or --duration for as fast as it goes.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan(options) {
    if (options.ratePerSecond !== undefined) {
      const why = 'calls as fast as it goes; say inFlight, or take soak-leak for a rate'
      throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, why)
    }
    const counted =
      options.durationMs !== undefined && options.requests === undefined
        ? options
        : { ...options, requests: options.requests ?? REQUESTS, durationMs: options.durationMs ?? LIMIT_MS }
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 2,
        operation: 'async',
        behaviour: { latency: { type: 'constant', ms: 0 }, errorRate: 0, hangRate: 0, resetRate: 0 },
        breaker: {
          slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
          failureRateThreshold: 0.5,
          minimumCalls: 20,
          waitDurationInOpenStateMs: 1000,
          permittedNumberOfCallsInHalfOpenState: 5,
        },
        timeoutMs: 1000,
        pauseAfterRefusalMs: 0,
      },
      options,
      {
        ...soakParts(name, counted),
        load: { model: 'closed', inFlight: options.inFlight ?? 20 },
        marks: { retainedMbMax: 5, retainedBytesPerCallMax: 100 },
        // A million calls take a few seconds: bytes a call are known then, a trend is not.
        checkers: counted.requests === undefined ? [...soakCheckers] : ['memory-overhead', 'conservation'],
      },
    )
  },
}

export default scenario
