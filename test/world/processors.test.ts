import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { allowedProcessors, holdToOneProcessor } from '../../src/world/processors.js'

const module = new URL('../../src/world/processors.js', import.meta.url).href

/** What a thread that is created now may use. */
async function ofNewThread(): Promise<string> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData).then(({ allowedProcessors }) => parentPort.postMessage(allowedProcessors()))`
  const [processors] = await once(new Worker(source, { eval: true, workerData: module }), 'message')
  return processors
}

describe('a thread that is held to one processor', () => {
  it('creates threads that have no other, until it is let go', async function () {
    const before = allowedProcessors()
    const letGo = holdToOneProcessor()
    if (spawnSync('taskset', ['--version']).status !== 0) {
      // This system has none: then nothing was changed.
      expect([letGo, allowedProcessors()]).to.deep.equal([undefined, before])
      this.skip()
    }
    if (letGo === undefined) throw new Error('it is not held, though there is a taskset')
    try {
      expect(allowedProcessors()).to.match(/^\d+$/)
      expect(await ofNewThread()).to.equal(allowedProcessors())
    } finally {
      letGo()
    }
    expect(allowedProcessors()).to.equal(before)
    expect(await ofNewThread()).to.equal(before)
  }).timeout(20_000)
})
