import type { Evidence } from '../evidence.js'
import { number, plural } from './figures.js'

export interface Relaxation {
  /** What latency marks are multiplied by and throughput marks divided by; 1 relaxes nothing. */
  readonly factor: number
  readonly reason?: string
}

/** Beyond this a mark says nothing any more: a machine that needs more is too small for the plan. */
const factorMax = 4

/**
 * How far marks of speed are relaxed by the size of the machine: twofold on a single core, where coordinator and
 * workers take turns; and where more blocking threads than two a core are woken by the operating system's scheduler,
 * by threads ÷ (2 × cores), at most fourfold. Rates are never relaxed; achieved ÷ ideal and memory growth are where the bare loop
 * shows that processors are short.
 */
export function relaxationOf({ plan, environment }: Evidence): Relaxation {
  const { cores } = environment
  const crowding = plan.operation === 'blocking' ? plan.workers / (2 * cores) : 1
  const factor = Math.min(factorMax, Math.max(1, cores < 2 ? 2 : 1, crowding))
  if (factor === 1) return { factor }
  const threads = `${plural(plan.workers, plan.operation === 'blocking' ? 'blocking thread' : 'thread')}`
  return {
    factor,
    reason: `marks of speed relaxed ${number(factor, 2)} × for ${threads} on ${plural(cores, 'core')}`,
  }
}
