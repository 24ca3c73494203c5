import { open } from 'node:fs/promises'
import { devNull } from 'node:os'
import { expect } from 'chai'
import { descriptorLimit, openDescriptors } from '../../src/profiler/descriptors.js'

describe('descriptors', () => {
  it('are counted, until they are closed', async function () {
    const before = openDescriptors()
    // Only Linux tells.
    if (before === undefined) return this.skip()
    const file = await open(devNull, 'r')
    expect(openDescriptors()).to.equal(before + 1)
    await file.close()
    expect(openDescriptors()).to.equal(before)
  })

  it('are fewer than their limit', function () {
    const limit = descriptorLimit()
    if (limit === undefined) return this.skip()
    expect(openDescriptors()).to.be.below(limit)
  })
})
