import type { PlanFile } from 'busbar/stress'

const patient = { waitDurationInOpenStateMs: 50 }

/**
 * A plan in code, with a scenario, a target, a checker and a reporter of one's own. From this repository, built:
 *
 *     node dist/src/cli/busbar.js run examples/own/plan.ts
 */
export default {
  version: 1,
  defaults: { workers: 2, seed: 7 },
  reports: ['console', './one-line.ts=reports/own.txt'],
  runs: [
    { name: 'own scenario', scenario: './slow-start.ts', targets: ['all'], requests: 500 },
    {
      name: 'own breaker',
      scenario: 'extreme-load-async',
      targets: ['./failures-in-a-row.ts'],
      inFlight: 20,
      breaker: patient,
      stages: [
        { name: 'steady', role: 'steady', requests: 500, duration: '5s' },
        { name: 'outage', role: 'outage', duration: '300ms', behaviour: { errorRate: 1 } },
        { name: 'recovery', role: 'recovery', duration: '5s', untilCircuit: 'closed' },
      ],
      marks: { efficiencyMin: null, throughputPerSecondMin: 10 },
      checkers: ['legal-transitions', 'outage-recovery', 'pass-marks', './backend-spared.ts'],
    },
  ],
} satisfies PlanFile
