import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { find, type Plan, type ProfileKind, type Progress, run } from '../../src/stress.js'
import type { Effort, Measure } from '../measure.js'
import { median, ratio, row } from '../row.js'

/**
 * What it costs to be profiled: calls a second of one load, with a profile of every thread and without. The calls take no
 * time, so the threads do nothing but what is profiled. Runs with and without take turns, and the median of the pairs
 * counts.
 *
 * The second is one of processor time, the profiler's own thread included. On a machine that has others at work, a process
 * whose threads are woken a thousand times a second by the profiler's signal is given more of the processors: by the clock
 * on the wall it ran four times as fast with a CPU profile as without.
 */
const PAIRS = 5
const STINTS_A_RUN = 2.5

export const measures: readonly Measure[] = [
  measureOf('cpu', 'CPU profiles'),
  measureOf('allocation', 'allocation profiles'),
]

function measureOf(kind: ProfileKind, title: string): Measure {
  return {
    name: `profiling-overhead-${kind}`,
    async run({ rounds, turnMs }: Effort) {
      const folder = await mkdtemp(join(tmpdir(), 'busbar-bench-'))
      const without = await busyPlan(rounds * turnMs * STINTS_A_RUN)
      const with_: Plan = { ...without, profile: { kinds: [kind], directory: folder } }
      const pairs: { plain: number; profiled: number }[] = []
      try {
        for (let pair = 0; pair < PAIRS; pair++) {
          pairs.push({ plain: await callsPerMs(without), profiled: await callsPerMs(with_) })
        }
      } finally {
        await rm(folder, { recursive: true })
      }
      return [
        row({
          title: `calls a second of processor time, under ${title}`,
          figures: [
            { name: 'with', value: median(pairs.map(({ profiled }) => profiled)) / 1000, unit: 'M calls/s' },
            { name: 'without', value: median(pairs.map(({ plain }) => plain)) / 1000, unit: 'M calls/s' },
          ],
          reading: `with ÷ without, median of ${PAIRS} pairs`,
          result: median(pairs.map(({ plain, profiled }) => ratio(profiled, plain))),
          unit: '×',
        }),
      ]
    },
  }
}

/** Two threads that call a backend which answers at once, on the shared breaker. They block: what awaits, waits for timers. */
async function busyPlan(durationMs: number): Promise<Plan> {
  const scenario = await find('scenarios', 'extreme-load-sync')
  const plan = scenario.plan({ target: 'shared', workers: 2, durationMs })
  const behaviour = { ...plan.downstream.behaviour, latency: { type: 'constant', ms: 0 } as const, errorRate: 0 }
  const stages = plan.stages.filter(({ role }) => role === 'warm-up' || role === 'steady')
  return { ...plan, stages, downstream: { ...plan.downstream, behaviour }, checkers: [] }
}

/** Calls a millisecond of processor time, between the first look at the steady stage and the last. */
async function callsPerMs(plan: Plan): Promise<number> {
  const looks: { readonly started: number; readonly cpuMs: number }[] = []
  const onProgress = ({ stage, started }: Progress) => {
    if (stage === 'steady') looks.push({ started, cpuMs: cpuMs() })
  }
  await run(plan, { onProgress })
  const [first, last] = [looks[0], looks.at(-1)]
  return first && last ? ratio(last.started - first.started, last.cpuMs - first.cpuMs) : Number.NaN
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
