import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Baseline } from '../../src/baseline/baseline.js'
import { appendHistory, coursesOf, readHistory } from '../../src/baseline/history.js'
import { EngineError } from '../../src/engine.js'
import { evidence } from '../evidence-builder.js'

function saved(day: number, values: Record<string, number[]>, changes: Partial<Baseline> = {}): Baseline {
  return {
    baselineVersion: 1,
    calibrationVersion: 1,
    savedAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
    environment: evidence().environment,
    runs: [{ scenario: 'overhead-sync', target: 'shared', plan: '{}', values, calibrationMs: [10, 10] }],
    ...changes,
  }
}

async function history(...baselines: readonly Baseline[]) {
  const file = join(await mkdtemp(join(tmpdir(), 'busbar-')), 'history.jsonl')
  for (const baseline of baselines) await appendHistory(file, baseline)
  return readHistory(file)
}

describe('a history', () => {
  it('has a line for each time, with the medians of its runs', async () => {
    const entries = await history(saved(1, { p50: [5, 1, 3] }), saved(2, { p50: [4] }))
    expect(entries.map(({ savedAt, medians }) => [savedAt.slice(0, 10), medians.p50])).to.deep.equal([
      ['2026-01-01', 3],
      ['2026-01-02', 4],
    ])
  })

  it('tells when a metric changed, and from what to what', async () => {
    const days = Array.from({ length: 16 }, (_, day) =>
      saved(day + 1, { 'guarded call': [day < 8 ? 2 + day / 100 : 3 + day / 100] }),
    )
    const [course] = coursesOf(await history(...days))
    expect(course).to.include({ metric: 'guarded call', scenario: 'overhead-sync' })
    expect(course?.changes.map(({ savedAt }) => savedAt.slice(0, 10))).to.deep.equal(['2026-01-09'])
    expect(course?.changes[0]?.before).to.be.closeTo(2.035, 1e-9)
    expect(course?.changes[0]?.after).to.be.closeTo(3.115, 1e-9)
  })

  it('keeps other processors apart', async () => {
    const elsewhere = { environment: { ...evidence().environment, cpuModel: 'another' } }
    const courses = coursesOf(await history(saved(1, { p50: [5] }), saved(2, { p50: [50] }, elsewhere)))
    expect(courses.map(({ values }) => values)).to.deep.equal([[5], [50]])
  })

  it('tells what scales with the machine in units of the reference workload', async () => {
    const [course] = coursesOf(await history(saved(1, { 'guarded ns': [200] })))
    expect(course?.values).to.deep.equal([20])
  })

  it('names the file and the line that it can’t read', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'busbar-')), 'history.jsonl')
    await appendHistory(file, saved(1, { p50: [5] }))
    await writeFile(file, '\n{"savedAt":1}\n', { flag: 'a' })
    const refusal = async (path: string) => readHistory(path).catch((error: unknown) => error as EngineError)
    const broken = await refusal(file)
    expect(broken).to.be.instanceOf(EngineError)
    expect((broken as EngineError).message).to.match(/history\.jsonl: line 3: savedAt: /)
    expect(await refusal(`${file}.none`)).to.include({ code: 'ERR_HISTORY' })
  })

  it('that can’t be written is told', async () => {
    const refused = await appendHistory('/proc/none/history', saved(1, {})).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'ERR_REPORT_NOT_WRITTEN' })
  })
})
