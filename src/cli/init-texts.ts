/** What `busbar init` writes. docs/plans.md explains every field; here are those that a first plan needs. */

export const planText = `# What Busbar runs, on which breakers, and what must hold. Run it:  npx busbar run busbar.yaml
# One of the runs:  npx busbar run busbar.yaml --only outage     Every field:  node_modules/busbar/docs/plans.md
# Options of the command line go before what stands here:  npx busbar run busbar.yaml --duration 1m --target opossum
version: 1

# What each run has that doesn't say otherwise.
defaults:
  targets: [shared]        # breakers under test: names ("npx busbar list"), ./my-target.ts of your own, or all
  workers: 2               # worker threads
  seed: 1                  # of everything random: the same seed, the same delays and failures
  timeout: 1s              # a call that takes longer has failed; times are said as 500ms, 10s, 2m

# Where the reports go: a reporter, or reporter=file or folder. "--report" goes before it.
reports: [console]

runs:
  # A closed load: 100 requests in flight, as fast as they are answered. Then the backend fails, and recovers.
  - name: outage
    scenario: extreme-load-async
    inFlight: 100
    requests: 3000
    marks:                 # what must be reached, beside the scenario's own marks; null takes one of those away
      latencyMsP95Max: 100
      successRateMin: 0.9
      efficiencyMin: null  # achieved ÷ ideal throughput: too much to ask of a machine that others use as well

  # An open load: calls come at their rate, whether or not earlier ones have ended. The backend is dead.
  - name: dead backend
    scenario: dead-backend
    rate: 400              # calls a second, over all workers
    duration: 2s

  # The same requests with a backend, a breaker and a course of its own.
  - name: slow and flaky
    scenario: extreme-load-async
    inFlight: 40
    behaviour:             # of the backend, where otherwise than the scenario has it
      latency: 2ms..20ms   # also 5ms, or exp:5ms..100ms (mean and longest)
      errorRate: 0.1
    faults: ["error=0.3@500ms+500ms"]   # what, @ from when, + for how long
    breaker:
      waitDurationInOpenStateMs: 100
    stages:                # in place of the scenario's own
      - { name: warm-up, role: warm-up, duration: 300ms }
      - { name: steady, role: steady, duration: 2s }
      - { name: outage, role: outage, duration: 600ms, behaviour: { errorRate: 1 } }
      - { name: recovery, role: recovery, duration: 5s, untilCircuit: closed }
    marks:
      efficiencyMin: null
    checkers: [legal-transitions, conservation, half-open-admission, outage-recovery, pass-marks]
`

export const workflowText = `# Runs the plan of busbar.yaml at every push and keeps the reports. The job fails if a run is not valid.
name: busbar
on: [push, pull_request]

permissions:
  contents: read

jobs:
  busbar:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
          cache: npm
      - run: npm ci
      - run: npx busbar run busbar.yaml --report console --report json=reports/
      - uses: actions/upload-artifact@v4
        if: always()       # the report of a run that failed is the one that is wanted
        with:
          name: busbar-reports
          path: reports/
`
