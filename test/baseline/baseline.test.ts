import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { baselineOf, readBaseline, saveBaseline } from '../../src/baseline/baseline.js'
import { calibrationMs } from '../../src/baseline/calibration.js'
import { EngineError } from '../../src/engine.js'
import type { Evidence } from '../../src/evidence.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { evidence, plan, report } from '../evidence-builder.js'
import { turns } from '../reporting/overhead-evidence.js'

function calibrated(changes: Partial<Evidence> = {}, ms = 10) {
  return { report: report({ evidence: evidence(changes) }), calibrationMs: ms }
}

function kept(...runs: readonly ReturnType<typeof calibrated>[]) {
  return baselineOf(runs, evidence().environment, '2026-01-02T03:04:05.678Z')
}

async function refusal(promise: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).to.be.instanceOf(EngineError)
  return error as EngineError
}

describe('a baseline', () => {
  it('keeps the figures of each run of a plan, and what the machine gave before it', () => {
    const { runs } = kept(calibrated(), calibrated({}, 12))
    expect(runs).to.have.lengthOf(1)
    expect(runs[0]).to.deep.include({ scenario: 'extreme-load-async', target: 'shared', calibrationMs: [10, 12] })
    expect(runs[0]?.values).to.deep.equal({ throughput: [1000, 1000], p50: [5, 5], p95: [10, 10], p99: [15, 15] })
  })

  it('keeps what a call costs, where that is measured', () => {
    const { runs } = kept(calibrated({ plan: overheadSync.plan({}), overhead: turns() }))
    expect(runs[0]?.values['guarded call']?.[0]).to.be.closeTo(1.495, 0.01)
    expect(runs[0]?.values).not.to.have.property('p50')
  })

  it('tells plans apart by their load, not by marks, seed or where files go', () => {
    const same = calibrated({ plan: plan({ seed: 5, marks: {}, profile: { kinds: ['cpu'], directory: 'x' } }) })
    const other = calibrated({ plan: plan({ load: { model: 'closed', inFlight: 7 } }) })
    expect(kept(calibrated(), same).runs).to.have.lengthOf(1)
    expect(kept(calibrated(), other).runs).to.have.lengthOf(2)
  })

  it('leaves out what was interrupted', () => {
    expect(kept(calibrated({ interrupted: true })).runs).to.deep.equal([])
  })

  it('is read back as it was saved', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'busbar-')), 'baseline.json')
    const baseline = kept(calibrated())
    await saveBaseline(file, baseline)
    expect(await readBaseline(file)).to.deep.equal(baseline)
  })

  it('that can’t be read is named, with the field that is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'busbar-'))
    const file = join(folder, 'broken.json')
    expect(await refusal(readBaseline(join(folder, 'none.json')))).to.include({ code: 'ERR_BASELINE' })
    await writeFile(file, '{"baselineVersion": 1')
    expect((await refusal(readBaseline(file))).message).to.match(/broken\.json: .*JSON/)
    const [run] = kept(calibrated()).runs
    await writeFile(file, JSON.stringify({ ...kept(calibrated()), runs: [{ ...run, calibrationMs: [-1] }] }))
    expect((await refusal(readBaseline(file))).message).to.match(/broken\.json: runs\.0\.calibrationMs\.0: /)
  })

  it('that can’t be written is told', async () => {
    expect(await refusal(saveBaseline('/proc/none/baseline.json', kept()))).to.include({
      code: 'ERR_REPORT_NOT_WRITTEN',
    })
  })

  it('stands beside a reference workload that takes a time above nothing', async () => {
    expect(await calibrationMs()).to.be.above(0)
  })
})
