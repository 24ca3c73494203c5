import autocannon from 'autocannon'
import { startDownstreamServer } from '../../src/downstream/server.js'
import type { Plan } from '../../src/plan.js'
import { Arena } from '../../src/stress/arena.js'
import { find, run } from '../../src/stress.js'
import type { Effort, Measure } from '../measure.js'
import { median, ratio, row } from '../row.js'

/**
 * How honest the engine is. A closed load is held against in flight ÷ mean intended duration, never against durations as measured, so
 * that wasted time shows; an open one against the arrivals that were due; HTTP against autocannon, with as many connections and
 * threads, on the same server. No breaker is in any of them.
 */
const LEVELS = [150, 200]
const RATE = 5000
const CONNECTIONS = 50
const PAIRS = 3

export const measures: readonly Measure[] = [
  { name: 'engine-closed', run: closed },
  { name: 'engine-open', run: open },
  { name: 'engine-http', run: http },
]

/** One measure is of seconds, not of turns. */
const stintMs = ({ rounds, turnMs }: Effort) => rounds * turnMs * 5

async function closed(effort: Effort) {
  const scenario = await find('scenarios', 'degradation')
  const plan = scenario.plan({ target: 'none', levels: LEVELS, durationMs: stintMs(effort) })
  const { evidence } = await run({ ...plan, checkers: [] })
  return LEVELS.map((inFlight, level) => {
    const stage = evidence.stages.filter(({ role }) => role === 'steady')[level]
    return row({
      title: `closed load, ${inFlight} in flight, calls of 5 ms`,
      figures: [],
      reading: 'calls ÷ (in flight ÷ mean intended duration)',
      result: stage?.efficiency ?? Number.NaN,
      unit: '×',
      wanted: { atLeast: 0.95 },
    })
  })
}

async function open(effort: Effort) {
  const scenario = await find('scenarios', 'degradation')
  const plan = scenario.plan({ target: 'none', shape: 'soak', ratePerSecond: RATE, durationMs: stintMs(effort) })
  const { evidence } = await run({ ...plan, checkers: [] })
  const steady = evidence.stages.filter(({ role }) => role === 'steady')
  const [first, last] = [steady[0], steady.at(-1)]
  const seconds = first && last ? (last.endedAtMs - first.startedAtMs) / 1000 : 0
  const started = steady.reduce((sum, stage) => sum + stage.started, 0)
  return [
    row({
      title: `open load, ${RATE.toLocaleString('en')} calls/s`,
      figures: [],
      reading: 'started ÷ due',
      result: ratio(started, RATE * seconds),
      unit: '×',
      wanted: { atLeast: 0.99 },
    }),
  ]
}

/** One thread each calls a server in a thread of its own that answers at once; they take turns, and the middle pair counts. */
async function http(effort: Effort) {
  const scenario = await find('scenarios', 'degradation')
  const usual = scenario.plan({
    target: 'none',
    levels: [CONNECTIONS],
    downstream: 'http',
    durationMs: stintMs(effort),
  })
  const behaviour = { ...usual.downstream.behaviour, latency: { type: 'constant', ms: 0 } as const }
  const plan: Plan = { ...usual, workers: 1, checkers: [], downstream: { ...usual.downstream, behaviour } }
  const pairs: { own: number; peer: number }[] = []
  for (let pair = 0; pair < PAIRS; pair++)
    pairs.push({ own: await ownPerSecond(plan), peer: await peerPerSecond(plan) })
  return [
    row({
      title: `HTTP on loopback, ${CONNECTIONS} connections of one thread, to autocannon's`,
      figures: [
        { name: 'Busbar', value: median(pairs.map(({ own }) => own)) / 1e6, unit: 'M calls/s' },
        { name: 'autocannon', value: median(pairs.map(({ peer }) => peer)) / 1e6, unit: 'M calls/s' },
      ],
      reading: `Busbar ÷ autocannon, median of ${PAIRS} pairs`,
      result: median(pairs.map(({ own, peer }) => ratio(own, peer))),
      unit: '×',
      wanted: { atLeast: 0.9 },
    }),
  ]
}

async function ownPerSecond(plan: Plan): Promise<number> {
  const { evidence } = await run(plan)
  return evidence.stages.find(({ role }) => role === 'steady')?.throughputPerSecond ?? Number.NaN
}

async function peerPerSecond(plan: Plan): Promise<number> {
  const arena = Arena.allocate({ stages: plan.stages.length, slots: 1, journals: 1 })
  const { buffer, gateCell, receivedCell } = arena
  const server = await startDownstreamServer(plan, plan.seed, {
    buffer,
    gateCell,
    receivedCell,
    stageCount: plan.stages.length,
  })
  arena.gate.open()
  try {
    const seconds = (plan.stages.at(-1)?.durationMs ?? 0) / 1000
    const load = { url: server.address, connections: CONNECTIONS, workers: 1 }
    // Its warm-up: ours has one as well.
    await autocannon({ ...load, duration: 1 })
    const result = await autocannon({ ...load, duration: seconds })
    return result.requests.total / result.duration
  } finally {
    arena.gate.close()
    await server.close()
  }
}
