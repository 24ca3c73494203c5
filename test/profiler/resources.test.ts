import { expect } from 'chai'
import { heapUsedMb, residentMb } from '../../src/profiler/resources.js'

describe('resources', () => {
  it('tell memory in megabytes: a heap of this size lies between one and a few thousand', () => {
    expect(heapUsedMb()).to.be.within(1, 4096)
  })

  it('count the heap as a part of what is resident', () => {
    expect(residentMb()).to.be.above(heapUsedMb() / 2)
  })
})
