import { expect } from 'chai'
import type { ThreadControl } from '../../../src/stress/control.js'
import { type Snapshotted, takeSnapshots } from '../../../src/stress/profiling/snapshots.js'

const mb = 2 ** 20
const goesOn = new AbortController().signal

/** Threads with heaps of so many megabytes, and a note of what was asked of them, when. */
function threadsOf(heaps: readonly number[], log: string[] = []): Snapshotted[] {
  return heaps.map((heapMb, index) => {
    const thread = `worker-${index}`
    const control: Partial<ThreadControl> = {
      heap: async () => ({
        usedBytes: heapMb * mb,
        limitBytes: 0,
        externalBytes: 0,
        arrayBuffersBytes: 0,
        mallocedBytes: 0,
      }),
      takeHeapSnapshot: async (file) => {
        log.push(`${thread} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        log.push(`${thread} ends`)
        return { file, bytes: 1, pauseMs: 1 }
      },
    }
    return {
      thread,
      ask: (act, limitMs) => {
        if (limitMs !== undefined) log.push(`${thread} may take ${limitMs / 1000} s`)
        return act(control as ThreadControl)
      },
    }
  })
}

const fileOf = (thread: string) => `x.${thread}.heapsnapshot`

describe('stress: heap snapshots of several threads', () => {
  it('are taken beside each other where there is room, else one after another', async () => {
    const [together, alone]: [string[], string[]] = [[], []]
    await takeSnapshots(
      threadsOf([1, 1], together),
      fileOf,
      () => {},
      goesOn,
      () => 2,
    )
    await takeSnapshots(
      threadsOf([1, 1], alone),
      fileOf,
      () => {},
      goesOn,
      () => 1,
    )
    const steps = (log: string[]) => log.filter((line) => !line.includes('may take'))
    expect(steps(together).slice(0, 2)).to.deep.equal(['worker-0 begins', 'worker-1 begins'])
    expect(steps(alone).slice(0, 2)).to.deep.equal(['worker-0 begins', 'worker-0 ends'])
  })

  it('are so many at once as fit, by the largest', async () => {
    let largestBytes = 0
    const lanesOf = (bytes: number) => {
      largestBytes = bytes
      return 1
    }
    const { files } = await takeSnapshots(threadsOf([1, 30, 2]), fileOf, () => {}, goesOn, lanesOf)
    expect(largestBytes).to.equal(12 * 30 * mb)
    expect(files).to.have.length(3)
  })

  it('tell the price of a large heap before it is paid, and wait longer for it', async () => {
    const log: string[] = []
    await takeSnapshots(
      threadsOf([1, 191], log),
      fileOf,
      (note) => log.push(note),
      goesOn,
      () => 1,
    )
    const told = 'worker-1: a snapshot of a heap of 191 MB takes about 19 s, 2292 MB of memory and 382 MB of disk'
    expect(log.indexOf(told)).to.be.within(1, log.indexOf('worker-1 begins') - 1)
    expect(log).to.include('worker-1 may take 221 s')
    expect(log.filter((line) => line.includes('takes about'))).to.have.length(1)
  })

  it('go on where one thread has none to give, which is said', async () => {
    const [first, second] = threadsOf([1, 1])
    const dead = { thread: 'worker-0', ask: () => Promise.reject(new Error('the worker has ended')) }
    expect(first?.thread).to.equal(dead.thread)
    const { files, notes } = await takeSnapshots([dead, second as Snapshotted], fileOf, () => {}, goesOn)
    expect(files).to.deep.equal(['x.worker-1.heapsnapshot'])
    expect(notes).to.deep.equal(['no heap snapshot of worker-0: the worker has ended'])
  })

  it('that have not begun when the run is cut short are left out, which is said', async () => {
    const { files, notes } = await takeSnapshots(threadsOf([1]), fileOf, () => {}, AbortSignal.abort())
    expect(files).to.deep.equal([])
    expect(notes).to.deep.equal(['no heap snapshot of worker-0: the run was cut short, or its rest was over'])
  })
})
