import type { Evidence } from '../evidence.js'
import { loadName } from './comparison.js'
import { plural, span } from './figures.js'

const backend = (kind: string) => (kind === 'resources' ? 'the machine’s own resources' : `${kind} backend`)

/** In a line: what was run, for how long, and where. */
export function setting({ plan, environment, durationMs }: Evidence): string {
  const { node, platform, cores } = environment
  return [
    `${plural(plan.workers, 'worker')}, ${loadName(plan.load)}, ${plan.operation}, ${backend(plan.downstream.kind)}, seed ${plan.seed}`,
    `${span(durationMs)}`,
    `${plural(cores, 'core')}, ${platform}, Node ${node.replace(/^v/, '')}`,
  ].join(' · ')
}
