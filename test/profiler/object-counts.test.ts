import { expect } from 'chai'
import { objectCounts } from '../../src/profiler/object-counts.js'

describe('object counts', () => {
  // Each class costs a walk through the heap, which is large with all that mocha has loaded.
  it('tell how many objects of a class there are, without a word to the user', () => {
    const warned: unknown[] = []
    const listen = (warning: unknown) => warned.push(warning)
    process.on('warning', listen)
    const kept = Array.from({ length: 50_000 }, () => new Map())
    expect(objectCounts()?.Map).to.be.within(50_000, 55_000)
    process.off('warning', listen)
    expect(kept).to.have.length(50_000)
    expect(warned).to.deep.equal([])
  }).timeout(60_000)
})
