import type { CircuitState } from '../breaker/life/control-word.js'
import { type AttachedTarget, Outcome, type Target } from '../target.js'

const target: Target = {
  name: 'none',
  description: 'The bare call, with no breaker: what the others are measured against.',
  view: 'none',
  prepare: () => ({ handle: null, close() {} }),
  attach: (): AttachedTarget => ({
    call: (body) => body().then(succeeded, failed),
    callBlocking(body) {
      try {
        body()
        return Outcome.success
      } catch {
        return Outcome.error
      }
    },
    state: (): CircuitState => 'closed',
    observe: () => ({ state: 'closed', transitions: [], lost: 0 }),
    detach() {},
  }),
}

function succeeded(): Outcome {
  return Outcome.success
}

function failed(): Outcome {
  return Outcome.error
}

export default target
