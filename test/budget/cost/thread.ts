import { parentPort, workerData } from 'node:worker_threads'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import { CostManager, type CostManagerHandle } from '../../../src/budget/cost/cost-manager.js'
import type { CostHandle } from '../../../src/budget/cost/options.js'

/** What a thread does: calls of so much each, of which it says a part has been spent. */
export interface Work {
  readonly handle?: CostHandle
  readonly manager?: CostManagerHandle
  readonly names?: readonly string[]
  readonly calls: number
  readonly cost: number
  readonly actual: number
  readonly accounts?: readonly string[]
  /** It reserves so much, tells it, and never settles. */
  readonly hold?: boolean
}

export interface Done {
  readonly allowed: number
  readonly refused: number
}

const { handle, manager, names = [], calls, cost, actual, accounts = ['default'], hold } = workerData as Work
const options = { onRuleError: 'refuse' } as const
const managed = manager && CostManager.attach(manager, options)
const breakers = managed
  ? names.map((name) => managed.breaker(name))
  : [CostCircuitBreaker.attach(handle as CostHandle, options)]
const request = { operation: 'ask', cost, accounts }
let allowed = 0
let refused = 0
for (let call = 0; call < calls; call++) {
  const breaker = breakers[call % breakers.length] as CostCircuitBreaker
  const result = await breaker.execute(
    async ({ settle }) => {
      // Others get in between reserving and settling.
      if (call % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
      settle(actual)
      return true
    },
    { ...request, fallback: () => false },
  )
  if (result) allowed += 1
  else refused += 1
}
if (hold) breakers[0]?.reserve(request)
parentPort?.postMessage({ allowed, refused } satisfies Done)
// A thread that holds something is alive until it is terminated.
if (hold) setInterval(() => undefined, 1000)
