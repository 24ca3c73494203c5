import { parentPort, workerData } from 'node:worker_threads'
import { call, day, endOf, NOW_MS, type RulesHandle } from './ruled.js'

/** What became of one thread's calls. */
export interface Counted {
  readonly allowed: number
  readonly alerts: number
}

const { handle, calls, cost } = workerData as { handle: RulesHandle; calls: number; cost: number }
const rules = endOf(handle)
let allowed = 0
let alerts = 0
// All are decided before any cost is recorded: so the rate refuses none.
for (let count = 0; count < calls; count++) {
  const decision = rules.decide(call(), [day(1)], NOW_MS)
  if (decision.action === 'allow') allowed += 1
  alerts += decision.alerts.length
}
for (let count = 0; count < calls; count++) rules.record(call(), cost, NOW_MS)
parentPort?.postMessage({ allowed, alerts } satisfies Counted)
