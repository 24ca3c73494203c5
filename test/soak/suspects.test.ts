import { expect } from 'chai'
import { suspectsOf } from '../../src/soak/suspects.js'
import { cluster, growth, soaked, thread } from './soak-evidence.js'

const held = (bytes: number) => ({ heldBefore: { objects: 0, bytes: 0 }, heldAfter: { objects: 1, bytes } })
const withGrowth = (name: string, ...clusters: ReturnType<typeof cluster>[]) =>
  thread(name, () => 0, { growth: growth(clusters) })

describe('suspects', () => {
  it('are one field in all threads together, with the path of the thread where they retain the most', () => {
    const small = cluster({ retained: 10_000, count: 100, path: 'short' })
    const [suspect, ...others] = suspectsOf(soaked([withGrowth('worker-0', small), withGrowth('worker-1', cluster())]))
    expect(others).to.deep.equal([])
    expect(suspect).to.deep.include({
      field: 'AuditTrail.calls',
      threads: ['worker-0', 'worker-1'],
      count: 6100,
      retainedBytes: 310_000,
      path: cluster().path,
    })
  })

  it('come in the order of what their field holds more, so a cache that turned over comes last', () => {
    const turned = cluster({ field: 'Cache.entries', className: 'Entry', retained: 900_000, ...held(0) })
    const leaked = cluster({ field: 'Leak.list', retained: 100_000, ...held(100_000) })
    const fields = suspectsOf(soaked([withGrowth('worker-0', turned, leaked)])).map(({ field }) => field)
    expect(fields).to.deep.equal(['Leak.list', 'Cache.entries'])
  })

  it('are not what was compiled: code warms up and stops', () => {
    const compiled = cluster({ field: 'Routes.compiled', code: 299_000 })
    const [first, second] = suspectsOf(soaked([withGrowth('worker-0', compiled, cluster())]))
    expect([first?.field, second?.field]).to.deep.equal(['AuditTrail.calls', 'Routes.compiled'])
    expect(second?.heldGrowthBytes).to.equal(1000)
  })

  it('are also the head of a list, whose field holds one link as before, when there are more of its links', () => {
    const list = cluster({ field: 'Chain.latest', ...held(0) })
    const turned = cluster({ field: 'Cache.entries', className: 'Entry', ...held(0) })
    const grown = suspectsOf(soaked([withGrowth('worker-0', turned, list)]))
    expect(grown.map(({ field, heldGrowthBytes }) => [field, heldGrowthBytes])).to.deep.equal([
      ['Chain.latest', 240_000],
      ['Cache.entries', 0],
    ])
  })

  it('keep a field of the engine apart from one of the target that has its name', () => {
    const evidence = soaked([withGrowth('worker-0', cluster(), cluster({ owner: 'engine' }))])
    expect(suspectsOf(evidence).map(({ owner }) => owner)).to.have.members(['target', 'engine'])
  })

  it('are not what is too small for a person’s time, and none without snapshots', () => {
    expect(suspectsOf(soaked([withGrowth('worker-0', cluster({ retained: 500 }))]))).to.deep.equal([])
    expect(suspectsOf(soaked([thread('worker-0', () => 0)]))).to.deep.equal([])
  })
})
