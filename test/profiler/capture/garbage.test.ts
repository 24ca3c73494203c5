import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { collectGarbage } from '../../../src/profiler/capture/garbage.js'
import { Pauses } from '../../../src/profiler/pauses.js'
import { heapFigures } from '../../../src/profiler/resources.js'

describe('a forced collection', () => {
  it('takes what nobody holds, and counts as a pause', async () => {
    const pauses = new Pauses()
    let object: object | undefined = { held: new Array(1000) }
    const reference = new WeakRef(object)
    object = undefined
    // What was looked at in a turn is kept until its end.
    await new Promise((resolve) => setImmediate(resolve))
    const pauseMs = collectGarbage(pauses)
    expect(reference.deref()).to.equal(undefined)
    expect(pauses.totalMs).to.equal(pauseMs)
  })

  it('waits for the memory of buffers too, which is given back beside the thread', () => {
    const pauses = new Pauses()
    for (let round = 0; round < 5; round += 1) {
      for (let count = 0; count < 5000; count += 1) Buffer.alloc(1024)
      collectGarbage(pauses)
      const { externalBytes } = heapFigures()
      collectGarbage(pauses)
      expect(externalBytes - heapFigures().externalBytes).to.be.below(100 * 1024)
    }
  })

  it('works in a worker that was started without any flag', async () => {
    const garbage = new URL('../../../src/profiler/capture/garbage.js', import.meta.url).href
    const pauses = new URL('../../../src/profiler/pauses.js', import.meta.url).href
    const body = `Promise.all([import('${garbage}'), import('${pauses}')]).then(async ([{ collectGarbage }, { Pauses }]) => {
      let object = { held: new Array(1000) }
      const reference = new WeakRef(object)
      object = undefined
      await new Promise((resolve) => setImmediate(resolve))
      collectGarbage(new Pauses())
      require('node:worker_threads').parentPort.postMessage(reference.deref() === undefined)
    })`
    const worker = new Worker(body, { eval: true })
    const collected = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
    expect(collected).to.equal(true)
  })
})
