import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'

describe('object counts', () => {
  // In a thread of its own: each class costs a walk through the heap, and mocha's is large.
  it('tell how many objects of a class there are, without a word to the user', async () => {
    const warned: unknown[] = []
    const listen = (warning: unknown) => warned.push(warning)
    process.on('warning', listen)
    const thread = new Worker(new URL('./object-counts-thread.js', import.meta.url))
    const [{ more, kept }] = await once(thread, 'message')
    await thread.terminate()
    process.off('warning', listen)
    expect(kept).to.equal(50_000)
    expect(more).to.be.within(50_000, 50_100)
    expect(warned).to.deep.equal([])
  }).timeout(60_000)
})
