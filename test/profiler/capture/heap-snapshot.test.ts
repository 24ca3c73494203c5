import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  priceOf,
  priceText,
  type SnapshotMeans,
  type SnapshotTaken,
  takeHeapSnapshot,
} from '../../../src/profiler/capture/heap-snapshot.js'
import { Pauses } from '../../../src/profiler/pauses.js'
import { FakeClock } from '../../fake-clock.js'
import { inOwnThread } from '../../own-thread.js'

interface SnapshotFile {
  snapshot: { node_count: number; meta: { node_fields: string[] } }
  nodes: number[]
  strings: string[]
}

/** What the thread says that took a snapshot of itself. */
interface Taken {
  readonly taken: SnapshotTaken
  readonly pauseMs: number
  /** The class of an object that it holds. */
  readonly planted: string
}

interface Failed {
  readonly failure: { readonly code: string; readonly message: string }
}

const snapshotThread = new URL('./fixtures/heap-snapshot.js', import.meta.url)
const mb = 2 ** 20

/** A machine with room for everything, on which a snapshot is a few bytes. */
function roomy(means: Partial<SnapshotMeans> = {}): SnapshotMeans & { written: string[] } {
  const written: string[] = []
  const heapBytes = () => 100 * mb
  const plenty = { heapBytes, memoryBytes: () => 2 ** 40, diskBytes: async () => 2 ** 40 }
  return { ...plenty, write: (file) => written.push(file), written, ...means }
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(() => undefined).catch((error: unknown) => error)
  expect(outcome).to.be.instanceOf(Error)
  return outcome as Error
}

describe('a heap snapshot', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-snapshot-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('holds what is in the heap, in the format that DevTools opens', async () => {
    const file = join(folder, 'deeper', 'x.heapsnapshot')
    const { taken, pauseMs, planted } = await inOwnThread<Taken>(snapshotThread, { file })
    const { snapshot, nodes, strings }: SnapshotFile = JSON.parse(await readFile(file, 'utf8'))
    expect(nodes).to.have.lengthOf(snapshot.node_count * snapshot.meta.node_fields.length)
    expect(strings).to.include(planted)
    expect(taken).to.deep.equal({ file, bytes: (await stat(file)).size, pauseMs })
    expect(await readdir(join(folder, 'deeper'))).to.deep.equal(['x.heapsnapshot'])
  })

  it('is refused where memory is short, before anything is tried', async () => {
    const means = roomy({ memoryBytes: () => 1199 * mb })
    const error = await failure(takeHeapSnapshot(join(folder, 'x'), new Pauses(), means))
    expect(error).to.include({ name: 'ProfilerError', code: 'ERR_MEMORY_SHORT' })
    expect(error.message).to.contain('needs about 1200 MB of memory, and 1199 MB are free')
    expect(means.written).to.deep.equal([])
  })

  it('is refused where the disk is short', async () => {
    const means = roomy({ diskBytes: async () => 199 * mb })
    const error = await failure(takeHeapSnapshot(join(folder, 'x'), new Pauses(), means))
    expect(error).to.include({ code: 'ERR_DISK_SHORT' })
    expect(error.message).to.contain('needs about 200 MB of disk, and 199 MB are free')
    expect(means.written).to.deep.equal([])
  })

  it('is taken where there is just enough', async () => {
    const write = (file: string) => writeFileSync(file, '{}')
    const means = roomy({ memoryBytes: () => 1200 * mb, diskBytes: async () => 200 * mb, write })
    const { note } = await takeHeapSnapshot(join(folder, 'x'), new Pauses(), means)
    expect(note).to.equal('a snapshot of a heap of 100 MB takes about 10 s, 1200 MB of memory and 200 MB of disk')
  })

  it('tells its pause, which is that of the thread', async () => {
    const clock = new FakeClock()
    const write = (file: string) => {
      writeFileSync(file, '{}')
      clock.pass(1234)
    }
    const pauses = new Pauses(clock)
    const { pauseMs } = await takeHeapSnapshot(join(folder, 'x'), pauses, roomy({ write }))
    expect([pauseMs, pauses.totalMs]).to.deep.equal([1234, 1234])
  })

  it('that meets a full disk ends with a coded error and leaves no half of a file', async function () {
    // Only Linux has a device that is always full.
    if (!existsSync('/dev/full')) return this.skip()
    const file = join(folder, 'full.heapsnapshot')
    await symlink('/dev/full', `${file}.part`)
    const { failure: error } = await inOwnThread<Failed>(snapshotThread, { file })
    expect(error).to.include({ code: 'ERR_PROFILE_NOT_WRITTEN' })
    expect(error.message).to.contain('ENOSPC')
    expect(await readdir(folder)).to.deep.equal([])
  })

  it('that has no folder to go to ends with a coded error', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const error = await failure(takeHeapSnapshot(join(folder, 'a-file', 'x'), new Pauses(), roomy()))
    expect(error).to.include({ code: 'ERR_PROFILE_NOT_WRITTEN' })
    expect(error.message).to.match(/^heap snapshot .*a-file\/x was not written: /)
  })

  it('has no price to speak of where the heap is small', () => {
    expect(priceText(priceOf(5 * mb))).to.equal(undefined)
  })
})
