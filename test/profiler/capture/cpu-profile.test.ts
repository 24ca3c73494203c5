import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { startCpuProfile } from '../../../src/profiler/capture/cpu-profile.js'
import { normalise } from '../../../src/profiler/capture/native-profile.js'
import type { ProfilerKind } from '../../../src/profiler/capture/running-profile.js'

interface ProfileFile {
  nodes: { id: number; callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number } }[]
  startTime: number
  endTime: number
  samples: number[]
  timeDeltas: number[]
}

function busyUntilSampled(): number {
  let sum = 0
  for (let i = 0; i < 2e7; i++) sum += Math.sqrt(i)
  return sum
}

async function frameOfBusyFunction(kind: ProfilerKind, folder: string) {
  const profile = await startCpuProfile(kind, `frame-${kind}`)
  busyUntilSampled()
  const file = join(folder, 'deeper', `${kind}.cpuprofile`)
  await profile.stop(file)
  const content: ProfileFile = JSON.parse(await readFile(file, 'utf8'))
  const node = content.nodes.find(({ callFrame }) => callFrame.functionName === 'busyUntilSampled')
  return { content, frame: node?.callFrame }
}

describe('a CPU profile', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-profile-'))
  })
  after(() => rm(folder, { recursive: true }))

  for (const kind of ['native', 'inspector'] as const) {
    it(`taken by ${kind} has one time for each sample, and each sample names a node`, async () => {
      const { content } = await frameOfBusyFunction(kind, folder)
      const ids = new Set(content.nodes.map((node) => node.id))
      expect(content.samples).to.have.lengthOf.above(0)
      expect(content.timeDeltas).to.have.lengthOf(content.samples.length)
      expect(content.samples.every((id) => ids.has(id))).to.equal(true)
      expect(content.endTime).to.be.above(content.startTime)
    })
  }

  it('says the same place of a function, whichever profiler took it', async () => {
    const native = await frameOfBusyFunction('native', folder)
    const inspector = await frameOfBusyFunction('inspector', folder)
    expect(native.frame).to.include({ functionName: 'busyUntilSampled' })
    expect({ ...native.frame, scriptId: '' }).to.deep.equal({ ...inspector.frame, scriptId: '' })
    expect(native.frame?.scriptId).to.be.a('string')
  })

  it('is taken by node:inspector, with a note, where v8-profiler-next does not load', async () => {
    const profile = await startCpuProfile('native', 'fallback', () => Promise.reject(new Error('no binary\nat x')))
    const file = join(folder, 'fallback.cpuprofile')
    await profile.stop(file)
    expect(profile.kind).to.equal('inspector')
    expect(profile.note).to.equal('v8-profiler-next does not load (no binary); node:inspector takes the profiles')
    expect(existsSync(file)).to.equal(true)
  })

  it('may be stopped a second time, to no effect', async () => {
    const profile = await startCpuProfile('native', 'twice')
    await profile.stop(join(folder, 'first.cpuprofile'))
    await profile.stop(join(folder, 'second.cpuprofile'))
    expect(existsSync(join(folder, 'second.cpuprofile'))).to.equal(false)
  })

  it('that has no folder to go to ends with a coded error, and the next one can be taken', async () => {
    const inTheWay = join(folder, 'a-file')
    await writeFile(inTheWay, '')
    const profile = await startCpuProfile('native', 'unwritable')
    const error = await rejection(profile.stop(join(inTheWay, 'x.cpuprofile')))
    expect(error).to.include({ code: 'ERR_PROFILE_NOT_WRITTEN' })
    await (await startCpuProfile('native', 'unwritable')).stop(join(folder, 'next.cpuprofile'))
    expect(existsSync(join(folder, 'next.cpuprofile'))).to.equal(true)
  })

  it('that meets a full disk ends with a coded error and leaves no half of a file', async function () {
    // Only Linux has a device that is always full.
    if (!existsSync('/dev/full')) return this.skip()
    const file = join(folder, 'full.cpuprofile')
    await symlink('/dev/full', `${file}.part`)
    const profile = await startCpuProfile('inspector', 'full')
    const error = await rejection(profile.stop(file))
    expect(error).to.include({ code: 'ERR_PROFILE_NOT_WRITTEN' })
    expect(error.message).to.contain('ENOSPC')
    expect(existsSync(file)).to.equal(false)
    expect(existsSync('/dev/full')).to.equal(true)
  })

  it('can be taken in a worker and in the main thread at once', async () => {
    const main = await startCpuProfile('native', 'both')
    const module = new URL('../../../src/profiler/capture/cpu-profile.js', import.meta.url).href
    const file = join(folder, 'worker.cpuprofile')
    const body = `import('${module}').then(async ({ startCpuProfile }) => {
      await (await startCpuProfile('native', 'both')).stop(${JSON.stringify(file)})
    })`
    const worker = new Worker(body, { eval: true })
    const exitCode = await new Promise((resolve) => worker.once('exit', resolve))
    await main.stop(join(folder, 'main.cpuprofile'))
    expect(exitCode).to.equal(0)
    expect(existsSync(file)).to.equal(true)
    expect(existsSync(join(folder, 'main.cpuprofile'))).to.equal(true)
  })
})

describe('a profile of v8-profiler-next, normalised', () => {
  it('has a URL where the profiler gave a bare path', () => {
    const callFrame = { functionName: 'f', scriptId: 7, url: '/srv/app.js', lineNumber: 3, columnNumber: 5 }
    const node = {
      id: 1,
      hitCount: 2,
      children: [],
      callFrame: { ...callFrame, lineTicks: [{ line: 4, hitCount: 2 }] },
    }
    const raw = { nodes: [node], startTime: 0, endTime: 1, samples: [1], timeDeltas: [1], delete() {} }
    expect([...normalise(raw).nodes]).to.deep.equal([
      {
        id: 1,
        callFrame: { functionName: 'f', scriptId: '7', url: 'file:///srv/app.js', lineNumber: 2, columnNumber: 4 },
        hitCount: 2,
        children: [],
        positionTicks: [{ line: 4, ticks: 2 }],
      },
    ])
  })
})

async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(() => undefined).catch((error: unknown) => error)
  expect(outcome).to.be.instanceOf(Error)
  return outcome as Error
}
