import { overheadPlan } from '../overhead-course.js'
import type { Scenario } from '../scenario.js'

const scenario: Scenario = {
  name: 'overhead-async',
  description:
    'The same awaited: what does the breaker add to a call of 1 ms? The millisecond is reckoned, not slept, as its jitter is a thousand times the overhead.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan: (options) =>
    overheadPlan(
      {
        scenario: 'overhead-async',
        operation: 'async',
        waitMs: 1,
        // The original's 5 ms, 30 % and 95 %; a tenth of its share is ours.
        marks: { overheadMsMax: 5, overheadShareMax: 0.03, successRateMin: 0.95 },
      },
      options,
    ),
}

export default scenario
