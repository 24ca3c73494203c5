import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Baseline, baselineOf, type Calibrated } from '../../src/baseline/baseline.js'
import { calibrationMs } from '../../src/baseline/calibration.js'
import { compare } from '../../src/baseline/compare.js'
import type { Environment } from '../../src/evidence.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { run } from '../../src/stress.js'
import { wallTimeText } from '../../src/world/clock.js'

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}.js`, import.meta.url))
const [plain, slowed] = [fixture('plain'), fixture('slowed')] as const
const PAIRS = 100
const REPEATS = 7
const ROUNDS = 15

/** Repeated runs as `busbar run … --save-baseline` makes them, some seconds in all; under the same plan whatever was run. */
async function side(target: string): Promise<Baseline> {
  const calibrated: Calibrated[] = []
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const speedMs = await calibrationMs()
    calibrated.push({ report: await run(overheadSync.plan({ target, requests: ROUNDS })), calibrationMs: speedMs })
  }
  const environment = calibrated[0]?.report.evidence.environment as Environment
  const baseline = baselineOf(calibrated, environment, wallTimeText())
  return { ...baseline, runs: baseline.runs.map((runs) => ({ ...runs, plan: 'the same', target: 'shared' })) }
}

/**
 * The gate against real runs on whatever machine this is: the same against the same, and against a breaker that is a tenth slower. Each
 * side takes part in two pairs of the first kind, with the one before it and the one after. About 25 minutes.
 */
describe('the regression gate @slow', () => {
  it('cries wolf at most 5 times of 100, and finds a tenth at least 95 times', async () => {
    const answers = { same: new Map<string, number>(), slowed: new Map<string, number>() }
    const count = (kind: keyof typeof answers, before: Baseline, after: Baseline) => {
      const { answer } = compare(before, after)
      answers[kind].set(answer, (answers[kind].get(answer) ?? 0) + 1)
    }
    let before = await side(plain)
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      count('slowed', before, await side(slowed))
      const after = await side(plain)
      count('same', before, after)
      before = after
      if (pair % 10 === 0) console.log(`      ${pair} pairs`, answers)
    }
    expect(answers.same.get('regressed') ?? 0).to.be.at.most(5)
    expect(answers.slowed.get('regressed') ?? 0).to.be.at.least(95)
  }).timeout(60 * 60_000)
})
