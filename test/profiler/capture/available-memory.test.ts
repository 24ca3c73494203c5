import { expect } from 'chai'
import { availableMemoryBytes } from '../../../src/profiler/capture/available-memory.js'

const mb = 2 ** 20
const reading = (files: Record<string, string>) => (file: string) => files[file] ?? ''

describe('available memory', () => {
  it('is what the machine has, where its control group leaves more', () => {
    expect(availableMemoryBytes(reading({}), 500 * mb, 900 * mb)).to.equal(500 * mb)
  })

  it('is what the control group leaves, and the cache that it would give back (version 2)', () => {
    const read = reading({
      '/proc/self/cgroup': '0::/service\n',
      '/sys/fs/cgroup/service/memory.stat': `anon 5\ninactive_file ${30 * mb}\nactive_file 7\n`,
    })
    expect(availableMemoryBytes(read, 500 * mb, 100 * mb)).to.equal(130 * mb)
  })

  it('finds the group of a container, whose path is the host’s, at the root', () => {
    const read = reading({
      '/proc/self/cgroup': '0::/docker/abc\n',
      '/sys/fs/cgroup/memory.stat': `inactive_file ${20 * mb}\n`,
    })
    expect(availableMemoryBytes(read, 500 * mb, 100 * mb)).to.equal(120 * mb)
  })

  it('knows version 1 as well, where the memory controller has a tree of its own', () => {
    const read = reading({
      '/proc/self/cgroup': '5:cpu:/a\n4:hugetlb,memory:/job\n0::/\n',
      '/sys/fs/cgroup/memory/job/memory.stat': `inactive_file 1\ntotal_inactive_file ${10 * mb}\n`,
    })
    expect(availableMemoryBytes(read, 500 * mb, 100 * mb)).to.equal(110 * mb)
  })

  it('is a figure on this machine', () => {
    expect(availableMemoryBytes()).to.be.within(mb, 2 ** 50)
  })
})
