import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { MessageChannel } from 'node:worker_threads'
import { expect } from 'chai'
import { heapFigures, heapHeldMb, residentMb, resourceCounts } from '../../src/profiler/resources.js'

describe('resources', () => {
  it('tell memory in megabytes: a heap of this size lies between one and a few thousand', () => {
    expect(heapHeldMb()).to.be.within(1, 4096)
  })

  it('count the heap as a part of what is resident', () => {
    expect(residentMb()).to.be.above(heapHeldMb() / 2)
  })

  it('tell the last that was known of what is resident, where the system has no descriptor left to say', () => {
    const known = residentMb(() => 77 * 2 ** 20)
    const refused = () => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
    }
    expect(residentMb(refused)).to.equal(known)
    expect(known).to.equal(77)
  })

  it('tell an array buffer as external memory and not as heap', () => {
    const before = heapFigures()
    const buffer = Buffer.alloc(16 * 2 ** 20, 1)
    const after = heapFigures()
    expect(after.arrayBuffersBytes - before.arrayBuffersBytes).to.be.at.least(buffer.length)
    expect(after.externalBytes - before.externalBytes).to.be.at.least(buffer.length)
    expect(after.usedBytes - before.usedBytes).to.be.below(buffer.length)
    expect(after.limitBytes).to.be.above(after.usedBytes)
  })

  it('count a timer, until it is cleared', () => {
    const before = resourceCounts()
    const timer = setTimeout(() => {}, 60_000)
    const during = resourceCounts()
    clearTimeout(timer)
    expect(during.timers - before.timers).to.equal(1)
    expect((during.handles.Timeout ?? 0) - (before.handles.Timeout ?? 0)).to.equal(1)
    expect(resourceCounts().timers).to.equal(before.timers)
  })

  it('count a port that listens, until it is closed', async () => {
    const before = resourceCounts().ports
    const { port1 } = new MessageChannel()
    port1.on('message', () => {})
    expect(resourceCounts().ports - before).to.equal(1)
    port1.close()
    await once(port1, 'close')
    expect(resourceCounts().ports).to.equal(before)
  })

  it('count listeners of the process', () => {
    const before = resourceCounts().listeners
    const listener = () => {}
    process.on('warning', listener)
    expect(resourceCounts().listeners - before).to.equal(1)
    process.off('warning', listener)
    expect(resourceCounts().listeners).to.equal(before)
  })

  it('count open files, where the system tells', async function () {
    const before = resourceCounts().fileDescriptors
    if (before === undefined) return this.skip()
    const file = await open(new URL(import.meta.url))
    expect(resourceCounts().fileDescriptors).to.equal(before + 1)
    await file.close()
    expect(resourceCounts().threads).to.be.above(0)
  })
})
