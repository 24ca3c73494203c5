import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect } from 'chai'
import type { Evidence } from '../../src/evidence.js'
import { caseOf } from '../../src/exhaustion/case-of.js'
import { type CaseName, caseFacts, caseNames } from '../../src/exhaustion.js'
import type { Report } from '../../src/report.js'
import scenario from '../../src/scenarios/resource-exhaustion.js'
import { run } from '../../src/stress.js'

const quick: readonly CaseName[] = ['disk', 'file-descriptors', 'worker-heap', 'process-heap']

async function ran(name: CaseName, target: string, durationMs?: number): Promise<Report> {
  return run(scenario.plan({ cases: [name], target, ...(durationMs === undefined ? {} : { durationMs }) }))
}

/** How well a machine does that is busy with something else is not asked here: that is the checkers' to say. */
function expectUsedUp(name: CaseName, { exhaustion, circuits, stages, workers, notes }: Evidence): void {
  const [told] = exhaustion?.cases ?? []
  const { signs, endsProcess } = caseFacts[name]
  expect(Object.keys(told?.signs ?? {})).to.satisfy((seen: string[]) => signs.some((sign) => seen.includes(sign)))
  if (endsProcess) {
    expect(told?.process).to.include({ end: 'ended', endedByItself: true })
    expect(told?.process?.lastWords).to.match(/out of memory/)
    return
  }
  expect(told?.process).to.deep.equal({ end: 'reported', exitCode: 0, endedByItself: true })
  expect(told?.left).to.deep.include({ threads: 0, handles: {} })
  const lost = workers.reduce((sum, worker) => sum + worker.lost, 0)
  expect(told?.left?.descriptors).to.be.at.most(lost)
  // One that dies of what is used up is killed by plan, and replaced.
  expect(workers.map(({ end }) => end)).not.to.include('failed')
  expect(notes.filter((note) => note.includes('not replaced'))).to.deep.equal([])
  const dying = ['worker-heap', 'worker-killed'].includes(name) ? 'killed' : 'finished'
  expect(workers.map(({ end }) => end)).to.include(dying)
  expect(circuits.every(({ slotsHeld = 0 }) => slotsHeld === 0)).to.equal(true)
  // On a busy machine the circuit may open only when what was begun has failed, which is after it.
  const since = stages.slice(stages.findIndex(({ role }) => role === 'outage'))
  expect(since.reduce((sum, { outcomes }) => sum + outcomes.refused, 0)).to.be.above(0)
}

describe('resource-exhaustion, for real', function () {
  this.timeout(90_000)

  for (const name of quick) {
    it(`uses up ${name} on the shared breaker, which survives, and tells so`, async function () {
      if ((await caseOf(name)).missing() !== undefined) return this.skip()
      const { evidence, verdicts } = await ran(name, 'shared', 1000)
      expectUsedUp(name, evidence)
      expect(verdicts.find(({ checker }) => checker === 'exhaustion')?.result).not.to.equal('invalid')
      expect(
        (await readdir(tmpdir())).filter((entry) => entry.startsWith(`busbar-case-${process.pid}-`)),
      ).to.deep.equal([])
    })
  }
})

describe('resource-exhaustion, each case on each target @stress', function () {
  this.timeout(90_000)

  for (const name of caseNames) {
    for (const target of scenario.targets) {
      it(`uses up ${name} on ${target}`, async function () {
        if ((await caseOf(name)).missing() !== undefined) return this.skip()
        expectUsedUp(name, (await ran(name, target)).evidence)
      })
    }
  }
})
