import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import { readProfiles } from '../../../src/profiler/analysis/read-profiles.js'
import { startAllocationProfile } from '../../../src/profiler/capture/allocation-profile.js'
import { normaliseAllocations } from '../../../src/profiler/capture/native-profile.js'
import type { ProfilerKind } from '../../../src/profiler/capture/running-profile.js'

const kept: unknown[] = []

/** About 6 MB: some 48 samples. */
function allocateAndKeep(): void {
  for (let i = 0; i < 200_000; i++) kept.push({ i })
}

async function profiled(kind: ProfilerKind, folder: string) {
  const profile = await startAllocationProfile(kind)
  allocateAndKeep()
  const file = join(folder, `${kind}.heapprofile`)
  await profile.stop(file)
  kept.length = 0
  const [analysis] = analyseProfiles(await readProfiles([file]))
  return { ...analysis?.merged.functions.find(({ name }) => name === 'allocateAndKeep'), all: analysis?.merged.samples }
}

describe('an allocation profile', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-allocations-'))
  })
  after(() => rm(folder, { recursive: true }))

  for (const kind of ['native', 'inspector'] as const) {
    it(`taken by ${kind} tells who allocated what is still held: half of it at least, in samples`, async () => {
      const { total, all } = await profiled(kind, folder)
      expect(total).to.be.within(3e6, 30e6)
      expect(all).to.be.above(10)
    })
  }

  it('says the same place of a function, whichever profiler took it', async () => {
    const [native, inspector] = [await profiled('native', folder), await profiled('inspector', folder)]
    expect(native.line).to.be.above(1)
    expect(inspector).to.include({ file: native.file, line: native.line, column: native.column })
  })

  it('is taken by node:inspector, with a note, where v8-profiler-next does not load', async () => {
    const profile = await startAllocationProfile('native', () => Promise.reject(new Error('no binary')))
    const file = join(folder, 'fallback.heapprofile')
    await profile.stop(file)
    expect(profile).to.include({ kind: 'inspector' })
    expect(profile.note).to.equal('v8-profiler-next does not load (no binary); node:inspector takes the profiles')
    expect(existsSync(file)).to.equal(true)
  })

  it('may be stopped a second time, to no effect: the native profiler would take the process down', async () => {
    const profile = await startAllocationProfile('native')
    await profile.stop(join(folder, 'first.heapprofile'))
    await profile.stop(join(folder, 'second.heapprofile'))
    expect(existsSync(join(folder, 'second.heapprofile'))).to.equal(false)
  })

  it('that has no folder to go to ends with a coded error, and the next one can be taken', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const profile = await startAllocationProfile('native')
    const error = await profile.stop(join(folder, 'a-file', 'x')).catch((reason: unknown) => reason)
    expect(error).to.include({ name: 'ProfilerError', code: 'ERR_PROFILE_NOT_WRITTEN' })
    await (await startAllocationProfile('native')).stop(join(folder, 'next.heapprofile'))
    expect(existsSync(join(folder, 'next.heapprofile'))).to.equal(true)
  })
})

describe('an allocation profile of v8-profiler-next, normalised', () => {
  it('has ids, URLs, places from 0, and as many samples as so many bytes have on average', () => {
    const callFrame = { functionName: 'f', scriptId: 7, url: '/srv/app.js', lineNumber: 3, columnNumber: 5 }
    const root = { functionName: '(root)', scriptId: 0, url: '', lineNumber: 0, columnNumber: 0 }
    const child = { callFrame, selfSize: 3000, children: [] }
    const { head, samples } = normaliseAllocations({ callFrame: root, selfSize: 0, children: [child] }, 1000)
    expect(head).to.deep.equal({
      callFrame: { ...root, scriptId: '0', lineNumber: -1, columnNumber: -1 },
      selfSize: 0,
      id: 1,
      children: [
        {
          callFrame: { ...callFrame, scriptId: '7', url: 'file:///srv/app.js', lineNumber: 2, columnNumber: 4 },
          selfSize: 3000,
          id: 2,
          children: [],
        },
      ],
    })
    expect(samples).to.deep.equal([1, 2, 3].map((ordinal) => ({ size: 1000, nodeId: 2, ordinal })))
  })
})
