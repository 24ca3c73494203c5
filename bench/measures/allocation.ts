import { do_not_optimize } from 'mitata'
import type { SharedCircuitBreaker } from '../../src/index.js'
import type { Loop } from '../../src/profiler/turns.js'
import { bytesPerCall, roomForAllocation } from '../allocation.js'
import { breakerWith, openBreaker, windows } from '../breakers.js'
import { action } from '../floor.js'
import type { Measure } from '../measure.js'
import { row } from '../row.js'

/** How much garbage a call leaves: nothing, if no collection is ever to be a call's fault. */
export const measures: readonly Measure[] = [
  ...([windows.consecutive, windows.count, windows.time] as const).flatMap((window) => [
    measureOf(`sync-closed-${window.type}`, `executeSync, closed, ${window.type} window`, () =>
      executeSync(breakerWith(window)),
    ),
    measureOf(`two-step-closed-${window.type}`, `two-step call, closed, ${window.type} window`, () =>
      twoStep(breakerWith(window)),
    ),
  ]),
  measureOf('sync-refused', 'executeSync, refused', () => refused(openBreaker())),
  measureOf('two-step-refused', 'two-step call, refused', () => twoStep(openBreaker())),
]

/** What the meter says of a known piece of garbage goes beside what it says of a call. */
const knownGarbage: Loop = (times) => {
  for (let call = 0; call < times; call++) do_not_optimize({ call })
}

function measureOf(name: string, title: string, loopOf: () => Loop): Measure {
  return {
    name: `allocation-${name}`,
    execArgv: roomForAllocation,
    async run() {
      // A few kilobytes in a million calls are the engine's own, and not the call's.
      const garbage = Math.round((await bytesPerCall(loopOf())) * 10) / 10
      const known = await bytesPerCall(knownGarbage)
      if (known < 12 || known > 48) throw new Error(`an object of one field is measured as ${known} bytes`)
      return [
        row({
          title: `garbage of one ${title}`,
          figures: [
            { name: 'a call', value: garbage, unit: 'bytes' },
            { name: 'an object of one field', value: known, unit: 'bytes' },
          ],
          reading: 'bytes a call',
          result: garbage,
          unit: 'bytes',
          wanted: { atMost: 0 },
        }),
      ]
    },
  }
}

function executeSync(breaker: SharedCircuitBreaker): Loop {
  return (times) => {
    let last: unknown
    for (let call = 0; call < times; call++) last = breaker.executeSync(action)
    do_not_optimize(last)
  }
}

/** The refusal is caught in the loop. */
function refused(breaker: SharedCircuitBreaker): Loop {
  return (times) => {
    for (let call = 0; call < times; call++) {
      try {
        breaker.executeSync(action)
      } catch (error) {
        do_not_optimize(error)
      }
    }
  }
}

function twoStep(breaker: SharedCircuitBreaker): Loop {
  return (times) => {
    for (let call = 0; call < times; call++) {
      const permission = breaker.tryAcquirePermission()
      if (permission !== 0) breaker.onSuccess(permission)
    }
  }
}
