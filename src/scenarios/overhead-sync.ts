import { overheadPlan } from '../overhead-course.js'
import type { Scenario } from '../scenario.js'

const scenario: Scenario = {
  name: 'overhead-sync',
  description:
    'The sum of ten random numbers, bare and through the breaker, in 1,000 turns each of 2 ms: what does a call cost more, in time and in memory? --requests for more turns.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan: (options) =>
    overheadPlan(
      {
        scenario: 'overhead-sync',
        operation: 'blocking',
        waitMs: 0,
        // The original's 50 ms and 200 %; the bytes are ours.
        marks: { overheadMsMax: 50, overheadShareMax: 2, overheadBytesMax: 1 },
      },
      options,
    ),
}

export default scenario
