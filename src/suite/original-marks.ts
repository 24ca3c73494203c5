import type { Evidence } from '../evidence.js'
import { levelsOf } from '../reporting/levels.js'
import { overheadFigures } from '../reporting/overhead.js'
import { spendingFigures } from '../reporting/spending.js'
import { steadyFigures } from '../reporting/steady.js'
import { retainedOf } from '../soak/retained.js'

/** What one of the original's tests asked, and how the same is read from a run here. */
export interface OriginalMark {
  readonly what: string
  readonly wanted:
    | { readonly above: number }
    | { readonly below: number }
    | { readonly atLeast: number }
    | { readonly atMost: number }
  readonly unit: '/s' | 'ms' | 'MB' | 'B' | '%' | '×' | ''
  /** What the original showed as an example. */
  readonly example?: number
  /** Undefined where the run doesn't tell. */
  readonly reached: (evidence: Evidence) => number | undefined
}

const BYTES_PER_MB = 2 ** 20
const PERCENT = 100
const NS_PER_MS = 1e6

const percentOf = (share: number | undefined) => (share === undefined ? undefined : share * PERCENT)

const throughput = (above: number, example?: number): OriginalMark => ({
  what: 'throughput',
  wanted: { above },
  unit: '/s',
  ...(example === undefined ? {} : { example }),
  reached: (evidence) => steadyFigures(evidence).throughputPerSecond,
})
const growth = (below: number): OriginalMark => ({
  what: 'memory growth',
  wanted: { below },
  unit: 'MB',
  reached: (evidence) => steadyFigures(evidence).ownGrowthMb,
})
const processed = (above: number): OriginalMark => ({
  what: 'processed',
  wanted: { above },
  unit: '%',
  reached: (evidence) => percentOf(steadyFigures(evidence).processedRate),
})
/** Of results that were applied: what a circuit refuses that is made to open, as this one is, was never called. */
const success = (above: number): OriginalMark => ({
  what: 'success, of those called',
  wanted: { above },
  unit: '%',
  reached: ({ stages }) => {
    const sum = (kind: 'success' | 'error') => stages.reduce((all, { outcomes }) => all + outcomes[kind], 0)
    const called = sum('success') + sum('error')
    return called > 0 ? (sum('success') / called) * PERCENT : undefined
  },
})
const added = (below: number, example?: number): OriginalMark => ({
  what: 'added to a call',
  wanted: { below },
  unit: 'ms',
  ...(example === undefined ? {} : { example }),
  reached: ({ overhead, plan }) => {
    const ns = overhead && overheadFigures(overhead, plan).addedNs?.estimate
    return ns === undefined ? undefined : ns / NS_PER_MS
  },
})
const addedShare = (below: number, example?: number): OriginalMark => ({
  what: 'share of a bare call',
  wanted: { below },
  unit: '%',
  ...(example === undefined ? {} : { example }),
  reached: ({ overhead, plan }) => percentOf(overhead && overheadFigures(overhead, plan).share?.estimate),
})
const wrong = (what: string, checker: 'conservation' | 'legal-transitions'): OriginalMark => ({
  what,
  wanted: { atMost: 0 },
  unit: '',
  reached: (evidence) =>
    checker === 'conservation' ? miscounted(evidence) : evidence.circuits.flatMap(illegal).length,
})

/** Calls that ended in nothing, or twice; what a killed thread had in flight is not among them. */
function miscounted({ workers }: Evidence): number {
  return workers.reduce((sum, { started, outcomes, lost }) => {
    const ended = Object.values(outcomes).reduce((all, count) => all + count, 0)
    return sum + Math.abs(started - ended - lost)
  }, 0)
}

const legal = ['closed open', 'open half-open', 'half-open closed', 'half-open open']

function illegal({ transitions }: Evidence['circuits'][number]) {
  return transitions.filter(({ from, to }) => !legal.includes(`${from} ${to}`))
}

/** By the scenario that takes the place of the original's test, in its order. */
export const originalMarks: Readonly<Record<string, readonly OriginalMark[]>> = {
  'extreme-load-async': [
    throughput(100),
    { what: 'p95', wanted: { below: 100 }, unit: 'ms', reached: (evidence) => steadyFigures(evidence).p95Ms },
    growth(100),
    processed(80),
  ],
  'extreme-load-sync': [throughput(50, 19_647), growth(50), processed(70)],
  'soak-leak': [
    {
      what: 'retained',
      wanted: { below: 20 },
      unit: 'MB',
      reached: (evidence) => inMb(retainedOf(evidence)?.soak.bytes),
    },
    {
      what: 'share of the rate',
      wanted: { above: 70 },
      unit: '%',
      reached: (evidence) => {
        const { load } = evidence.plan
        const reached = steadyFigures(evidence).throughputPerSecond
        return load.model === 'open' && reached !== undefined ? (reached / load.ratePerSecond) * PERCENT : undefined
      },
    },
  ],
  'memory-overhead': [
    { what: 'in all', wanted: { below: 5 }, unit: 'MB', reached: (evidence) => inMb(retainedOf(evidence)?.soak.bytes) },
    {
      what: 'a call',
      wanted: { below: 100 },
      unit: 'B',
      reached: (evidence) => retainedOf(evidence)?.bytesPerCall,
    },
  ],
  degradation: [
    {
      what: 'throughput falls',
      wanted: { below: 50 },
      unit: '%',
      reached: (evidence) => percentOf(1 - least(levelsOf(evidence).map(({ throughput: change }) => change?.estimate))),
    },
    {
      what: 'latency rises',
      wanted: { below: 3 },
      unit: '×',
      reached: (evidence) => most(levelsOf(evidence).map(({ latency }) => latency?.estimate)),
    },
    {
      what: 'success up to level 100',
      wanted: { above: 80 },
      unit: '%',
      reached: (evidence) => {
        const levels = levelsOf(evidence).filter(({ level }) => level <= 100)
        return percentOf(least(levels.map(({ successRate }) => successRate)))
      },
    },
    growth(50),
  ],
  'data-race': [wrong('calls miscounted', 'conservation'), throughput(100), success(70)],
  'transition-consistency': [wrong('illegal transitions', 'legal-transitions')],
  'resource-exhaustion': [
    growth(75),
    {
      what: 'calls refused',
      wanted: { atLeast: 1 },
      unit: '',
      reached: ({ stages }) => stages.reduce((sum, { outcomes }) => sum + outcomes.refused, 0),
    },
    { what: 'mean latency', wanted: { below: 1000 }, unit: 'ms', reached: meanMs },
  ],
  'overhead-sync': [added(50, 0.0001), addedShare(200, 13.86)],
  'overhead-async': [
    added(5),
    addedShare(30),
    {
      what: 'success',
      wanted: { above: 95 },
      unit: '%',
      reached: ({ overhead, plan }) => percentOf(overhead && overheadFigures(overhead, plan).successRate),
    },
  ],
  'cost-budget': [
    {
      what: 'calls refused for cost',
      wanted: { atLeast: 1 },
      unit: '',
      reached: (evidence) => spendingFigures(evidence)?.refused,
    },
    {
      what: 'processed',
      wanted: { above: 60 },
      unit: '%',
      reached: (evidence) => percentOf(spendingFigures(evidence)?.allowedRate),
    },
    throughput(20),
    growth(30),
  ],
}

export const originalScenarios: readonly string[] = Object.keys(originalMarks)

/** Of all stages in which calls were let through, weighted by these. */
function meanMs({ stages }: Evidence): number | undefined {
  const calls = stages.reduce((sum, { latency }) => sum + latency.count, 0)
  const totalMs = stages.reduce((sum, { latency }) => sum + latency.count * latency.meanMs, 0)
  return calls > 0 ? totalMs / calls : undefined
}

function inMb(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / BYTES_PER_MB
}

/** Of values of which one isn't known nothing is. */
function least(values: readonly (number | undefined)[]): number {
  return Math.min(...values.map((value) => value ?? Number.NaN))
}

function most(values: readonly (number | undefined)[]): number {
  return Math.max(...values.map((value) => value ?? Number.NaN))
}
