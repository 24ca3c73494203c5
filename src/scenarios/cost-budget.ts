import { quickBreaker } from '../extreme-load.js'
import type { Marks, RunOptions, Stage } from '../plan.js'
import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'
import { type SpendingDefaults, spendingDefaults, spendingParts } from '../spending/cases.js'
import type { SpendingCase } from '../spending.js'

const name = 'cost-budget'
const WARM_UP_MS = 500
const CALL_MS = { min: 1, max: 10 }

const scenario: Scenario = {
  name,
  description:
    '1,000 calls of 0.001–0.05 each, 50 in flight, under a budget for nine tenths of them: nothing overspent, not a cent lost. --spending tenth, jump, kills or calendar; --ledger one-lock or check-then-spend for the original’s.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan(options) {
    const spending = options.spending ?? 'original'
    const ledger = options.ledger ?? 'reserve-settle'
    const usual = spendingDefaults[spending]
    refuseOthers(options, spending, usual)
    const inFlight = options.inFlight ?? usual.inFlight
    const requests = options.requests ?? usual.requests
    const kills = options.kills ?? usual.kills
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: usual.workers,
        operation: 'async',
        behaviour: {
          latency: { type: 'uniform', minMs: CALL_MS.min, maxMs: CALL_MS.max },
          errorRate: 0.01,
          hangRate: 0,
          resetRate: 0,
        },
        breaker: quickBreaker,
        timeoutMs: 1000,
        pauseAfterRefusalMs: 5,
      },
      { ...options, kills },
      {
        load: { model: 'closed', inFlight },
        stages: [{ name: 'warm-up', role: 'warm-up', durationMs: WARM_UP_MS }, steady(options, usual, inFlight)],
        marks: marksOf(usual),
        checkers: [
          'never-overspent',
          'no-lost-cent',
          'spending-marks',
          'legal-transitions',
          'conservation',
          'half-open-admission',
          'pass-marks',
        ],
        spending: { case: spending, ledger, ...spendingParts(spending, requests, kills) },
      },
    )
  },
}

function steady(options: RunOptions, usual: SpendingDefaults, inFlight: number): Stage {
  const { durationMs, requests } = usual
  const limits =
    durationMs === undefined
      ? steadyLimits(options, { requests, inFlight, latencyMsMax: CALL_MS.max })
      : { durationMs: options.durationMs ?? durationMs }
  return { name: 'steady', role: 'steady', ...limits }
}

function marksOf({ spentShareMin, allowedRateMin }: SpendingDefaults): Marks {
  return {
    throughputPerSecondMin: 20,
    memoryGrowthMbMax: 30,
    costRefusedMin: 1,
    spentShareMin,
    ...(allowedRateMin === undefined ? {} : { allowedRateMin }),
  }
}

function refuseOthers(options: RunOptions, spending: SpendingCase, usual: SpendingDefaults): void {
  if (options.ratePerSecond !== undefined) {
    throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, 'has so many in flight; say inFlight')
  }
  if (usual.durationMs !== undefined && options.requests !== undefined) {
    throw refusedOption(name, 'requests', options.requests, `goes by the clock in case "${spending}"; say durationMs`)
  }
  if (usual.kills > 0 && options.kills === 0) {
    throw refusedOption(name, 'kills', options.kills, `kills threads in case "${spending}"; allowed: at least 1`)
  }
  if (spending === 'calendar' && (options.ledger ?? 'reserve-settle') !== 'reserve-settle') {
    throw refusedOption(
      name,
      'ledger',
      options.ledger,
      'has periods that end in case "calendar"; allowed: "reserve-settle"',
    )
  }
}

export default scenario
