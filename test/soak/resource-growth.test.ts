import { expect } from 'chai'
import type { ResourceCounts } from '../../src/profiler/resources.js'
import { resourceGrowth } from '../../src/soak/resource-growth.js'
import { rest, Stages, soaked, thread } from './soak-evidence.js'

const base = rest(0, 0).resources
const grown = (name: string, after: Partial<ResourceCounts>) =>
  thread(name, () => 0, {
    rests: [rest(Stages.before, 0), rest(Stages.after, 0, { resources: { ...base, ...after } })],
  })

describe('growth of handles and descriptors', () => {
  it('is a leak when it keeps up with the calls', () => {
    const evidence = soaked([grown('coordinator', {}), grown('worker-0', { handles: { MessagePort: 602 } })])
    expect(resourceGrowth(evidence)).to.deep.equal([
      { thread: 'worker-0', what: 'MessagePort', before: 2, after: 602, isLeak: true },
    ])
  })

  it('is told, and no leak, when a few come or go', () => {
    const evidence = soaked([grown('coordinator', {}), grown('worker-0', { handles: { MessagePort: 1, Timeout: 9 } })])
    expect(resourceGrowth(evidence).map(({ what, isLeak }) => [what, isLeak])).to.deep.equal([
      ['Timeout', false],
      ['MessagePort', false],
    ])
  })

  it('tells descriptors and threads once, for they belong to the process', () => {
    const more = { fileDescriptors: 500, threads: 13 }
    expect(resourceGrowth(soaked([grown('coordinator', more), grown('worker-0', more)]))).to.deep.equal([
      { thread: 'process', what: 'file descriptors', before: 20, after: 500, isLeak: true },
      { thread: 'process', what: 'threads', before: 12, after: 13, isLeak: false },
    ])
  })

  it('is nothing of a thread that was not there at both rests', () => {
    const died = thread('worker-0', () => 0, { rests: [rest(Stages.before, 0)] })
    expect(resourceGrowth(soaked([died]))).to.deep.equal([])
  })
})
