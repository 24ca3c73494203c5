import { expect } from 'chai'
import { Pauses } from '../../../src/profiler/pauses.js'
import { type ThreadControl, threadControl } from '../../../src/stress/control.js'
import { type RestFigures, restFigures } from '../../../src/stress/soak/rest-figures.js'
import { inOwnThread } from '../../own-thread.js'

/** A thread whose heap shrinks to each of these sizes with a collection. */
function shrinking(sizes: readonly number[]) {
  let collections = 0
  const control = {
    ...threadControl(new Pauses()),
    collectGarbage: async () => {
      collections += 1
      return 5
    },
    heap: async () => ({
      usedBytes: sizes[Math.min(collections, sizes.length) - 1] ?? 0,
      limitBytes: 2 ** 31,
      externalBytes: 10,
      arrayBuffersBytes: 0,
      mallocedBytes: 0,
    }),
  } satisfies ThreadControl
  const thread = { thread: 'worker-0', ask: <T>(act: (control: ThreadControl) => Promise<T>) => act(control) }
  return { thread, collections: () => collections }
}

describe('stress: figures of a thread at rest', () => {
  it('are taken when a collection finds nothing more, as finalizers let go only then', async () => {
    const { thread, collections } = shrinking([90_000, 50_000, 40_000, 40_000, 10])
    expect(await restFigures(thread, false)).to.include({ usedBytes: 40_000, externalBytes: 10, pauseMs: 20 })
    expect(collections()).to.equal(4)
  })

  it('are taken at last of a heap that goes on shrinking', async () => {
    const { thread, collections } = shrinking(Array.from({ length: 100 }, (_, index) => 1e6 - index * 5000))
    await restFigures(thread, false)
    expect(collections()).to.equal(8)
  })

  it('have the counts of this very thread', async () => {
    const module = new URL('./fixtures/rest-figures.js', import.meta.url)
    const { resources, objects, heapLimitBytes } = await inOwnThread<RestFigures>(module)
    expect(resources.timers).to.equal(1)
    expect(objects?.Function).to.be.above(1000)
    expect(heapLimitBytes).to.be.above(1e7)
  })
})
