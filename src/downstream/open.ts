import type { Downstream } from '../downstream.js'
import { EngineError } from '../engine.js'
import type { Plan } from '../plan.js'
import { blockingOverHttp, HttpDownstream } from './http.js'
import { type DownstreamOptions, SimulatedDownstream } from './simulated.js'

/** A worker's end of the downstream that the plan names. `seed` should differ from worker to worker. */
export function openDownstream(plan: Plan, options: DownstreamOptions): Downstream {
  if (plan.downstream.kind === 'simulated') return new SimulatedDownstream(plan, options)
  if (plan.operation === 'blocking') throw blockingOverHttp()
  if (options.address === undefined) {
    throw new EngineError('ERR_PLAN', 'downstream.kind is "http", but no address of its server was given')
  }
  return new HttpDownstream(plan, options.address)
}
