import type { Evidence, StageEvidence, ThroughputSample } from '../../src/evidence.js'
import type { Marks } from '../../src/plan.js'
import degradation from '../../src/scenarios/degradation.js'
import { evidence, latency, stage } from '../evidence-builder.js'

export interface Level {
  readonly inFlight: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly failed?: number
}

/** How many milliseconds each level lasts, and how often its throughput was sampled in that time. */
const LEVEL_MS = 2000
const SAMPLE_MS = 100

/** A run of `degradation` in which each level came to what is told; every second slice has a fifth more than the one before. */
export function levelled(levels: readonly Level[], marks?: Marks): Evidence {
  const usual = degradation.plan({ levels: levels.map(({ inFlight }) => inFlight) })
  const plan = marks === undefined ? usual : { ...usual, marks }
  const stages: StageEvidence[] = [stage('warm-up', 'warm-up', 0, 0, {})]
  const throughput: ThroughputSample[] = [{ atMs: 1000, completed: 0, refused: 0, perSecond: 0, refusedPerSecond: 0 }]
  let completed = 0
  for (const [index, { inFlight, perSecond, p50Ms, failed = 0 }] of levels.entries()) {
    const startedAtMs = 1000 + index * LEVEL_MS
    const calls = (perSecond * LEVEL_MS) / 1000
    stages.push({
      ...stage(`${inFlight} in flight`, 'steady', startedAtMs, calls, { success: calls - failed, error: failed }),
      endedAtMs: startedAtMs + LEVEL_MS,
      throughputPerSecond: perSecond,
      latency: latency(calls, p50Ms),
    })
    for (let slice = 1; slice <= LEVEL_MS / SAMPLE_MS; slice += 1) {
      completed += ((perSecond * SAMPLE_MS) / 1000) * (slice % 2 === 0 ? 1.1 : 0.9)
      throughput.push({ atMs: startedAtMs + slice * SAMPLE_MS, completed, refused: 0, perSecond, refusedPerSecond: 0 })
    }
  }
  return evidence({ plan, stages, throughput, circuits: [] })
}
