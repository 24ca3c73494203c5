import { expect } from 'chai'
import { ownerByScript } from '../../../src/profiler/heap/clusters.js'
import { compareSnapshots } from '../../../src/profiler/heap/compare-snapshots.js'
import { type GrowthCluster, type HeapGrowth, heapGrowthSchema } from '../../../src/profiler/heap/growth.js'
import { type SmallHeap, snapshotText, withFile } from '../small-heap.js'
import { CALLS_BETWEEN, type Snapshots, snapshotsOfLeaks } from './snapshots-of-leaks.js'

const CALLS = 2 * CALLS_BETWEEN

/** Of each leak the field that must be named, of what class the new objects are and of what kind, and how many at least. */
const leaks: Readonly<Record<string, { field: string; className: string; category: string; count?: number }>> = {
  'an array for each call': { field: 'ArrayLeak.calls', className: 'Request', category: 'objects' },
  'a listener for each call': {
    field: 'ListenerLeak.emitter._events.data',
    className: 'Function',
    category: 'listeners',
  },
  'a listener of an event target': {
    field: 'EventTargetLeak.signal.kEvents.next',
    className: 'Listener',
    category: 'listeners',
  },
  'a chain of closures': { field: 'ChainLeak.previous', className: 'Function', category: 'closures', count: CALLS - 1 },
  'a Map keyed by request': { field: 'MapLeak.#byRequest', className: 'Request', category: 'objects' },
  'an object used as a Map': { field: 'DictionaryLeak.byName', className: 'Request', category: 'objects' },
  'a WeakMap whose keys are kept': { field: 'WeakMapLeak.keys', className: 'Request', category: 'objects' },
  'a promise never settled': { field: 'PromiseLeak.waiting', className: 'Function', category: 'closures' },
  'a rope of strings': { field: 'RopeLeak.log', className: '(concatenated string)', category: 'strings' },
  'a linked list': { field: 'ListLeak.head', className: 'Object', category: 'objects', count: CALLS - 1 },
  'memory outside of the heap': { field: 'BufferLeak.buffers', className: 'ArrayBuffer', category: 'external' },
  'a handle never closed': {
    field: 'PortLeak.ports',
    className: 'MessagePort',
    category: 'objects',
    count: CALLS / 20,
  },
}

describe('growth between two heap snapshots of a thread', () => {
  let snapshots: Snapshots
  let growth: HeapGrowth
  before(async function () {
    this.timeout(120_000)
    snapshots = await snapshotsOfLeaks()
    growth = await compareSnapshots({ before: snapshots.before, after: snapshots.after })
  })

  const clusterOf = (field: string, of = growth): GrowthCluster => {
    const cluster = of.clusters.find((candidate) => candidate.field === field)
    expect(cluster, `${field} among ${of.clusters.map((each) => each.field).join(', ')}`).to.not.equal(undefined)
    return cluster as GrowthCluster
  }

  for (const [leak, { field, className, category, count = CALLS }] of Object.entries(leaks)) {
    it(`of ${leak} names ${field} and ${className}`, () => {
      const cluster = clusterOf(field)
      expect(cluster).to.include({ className, category, owner: 'target' })
      expect(cluster.count).to.be.within(count, 2 * count)
      expect(cluster.path)
        .to.match(/^\(root\) → /)
        .and.include(field.split('.', 2).join('.'))
      expect(cluster.retained).to.be.at.least(cluster.shallow)
      expect(cluster.heldAfter.objects - cluster.heldBefore.objects).to.be.at.least(count)
      expect(cluster.scripts.find((script) => !script.startsWith('node:'))).to.match(/planted-leaks\.js$/)
    })
  }

  it('of a list in a variable names the variable', () => {
    const cluster = growth.clusters.find(({ field }) => field.endsWith('(variable ofModule)'))
    expect(cluster).to.include({ className: 'Request', count: CALLS, owner: 'target' })
  })

  it('of a timer never cleared names the function that it is to call, and where that is written', () => {
    const cluster = growth.clusters.find(({ className }) => className === 'Timeout')
    expect(cluster).to.include({ count: CALLS, category: 'timers', owner: 'target' })
    expect(cluster?.path).to.match(/Timeout\._onTimeout → function neverCleared \(file:.*planted-leaks\.js:\d+\)$/)
    expect(cluster?.functions[0]).to.match(/^neverCleared /)
  })

  it('has the new objects of a list that turns over, and that it holds no more than before', () => {
    const ring = clusterOf('Ring.slots')
    expect(ring).to.include({ className: 'Request', count: 100 })
    expect(ring.heldAfter).to.deep.equal(ring.heldBefore)
  })

  it('has with a third snapshot only what was born before the second and lives on', async () => {
    const three = await compareSnapshots(snapshots)
    expect(clusterOf('ArrayLeak.calls', three).count).to.equal(CALLS_BETWEEN)
    expect(three.clusters.map(({ field }) => field)).to.not.include('Ring.slots')
  })

  it('counts by class, new ones and growth', () => {
    const requests = growth.classes.find(({ name }) => name === 'Request')
    expect(requests).to.include({ countBefore: 1100, countAfter: 1100 + 5 * CALLS, newCount: 5 * CALLS + 100 })
    expect(requests?.retainedGrowth).to.be.above(requests?.shallowGrowth ?? Number.NaN)
  })

  it('has each new object in one cluster, and their bytes add up', () => {
    const { clusters, newBytesByOwner, newCodeBytes, newObjects, clustersLeftOut } = growth
    const shallow = clusters.reduce((sum, cluster) => sum + cluster.shallow, 0)
    expect(shallow + clustersLeftOut.bytes).to.equal(newObjects.bytes)
    const { target, engine, node } = newBytesByOwner
    expect(target + engine + node + newCodeBytes).to.equal(newObjects.bytes)
    const total = growth.categories.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0)
    expect(total).to.equal(growth.after.bytes)
  })

  it('is JSON that its schema accepts', () => {
    expect(heapGrowthSchema.parse(JSON.parse(JSON.stringify(growth)))).to.deep.equal(growth)
  })

  it('says how much it leaves out', async () => {
    const few = await compareSnapshots(
      { before: snapshots.before, after: snapshots.after },
      { classesMax: 2, clustersMax: 1 },
    )
    expect(few.clusters).to.have.lengthOf(1)
    expect(few.classes).to.have.lengthOf(2)
    expect(few.clustersLeftOut.objects + (few.clusters[0]?.objects ?? 0)).to.equal(growth.newObjects.objects)
    expect(few.classesLeftOut).to.equal(growth.classes.length + growth.classesLeftOut - 2)
  })

  it('is the engine’s where the nearest own file is the engine’s', async () => {
    const ofEngine = await compareSnapshots(
      { before: snapshots.before, after: snapshots.after },
      { ownerOf: ownerByScript((script) => script.endsWith('planted-leaks.js')) },
    )
    expect(clusterOf('ArrayLeak.calls', ofEngine).owner).to.equal('engine')
    expect(ofEngine.newBytesByOwner.target).to.equal(0)
  })

  it('is the target’s where plain data grows in a global, of which no file is known', async () => {
    const heap = (entries: number): SmallHeap => ({
      nodes: [
        ['synthetic', '', 0],
        ['object', 'global', 16],
        ['object', 'Array', 16],
        ...Array.from({ length: entries }, () => ['object', 'Object', 16] as const),
      ],
      edges: [
        [0, 'shortcut', 'global', 1],
        [1, 'property', 'kept', 2],
        ...Array.from({ length: entries }, (_, at) => [2, 'element', at, at + 3] as const),
      ],
    })
    const { clusters } = await withFile(snapshotText(heap(5)), (before) =>
      withFile(snapshotText(heap(30)), (after) => compareSnapshots({ before, after })),
    )
    expect(clusters[0]).to.include({ field: 'global.kept', count: 25, shallow: 400, owner: 'target' })
  })

  it('between a snapshot and itself is none', async () => {
    const none = await compareSnapshots({ before: snapshots.after, after: snapshots.after })
    expect(none).to.deep.include({ clusters: [], classes: [], newObjects: { objects: 0, bytes: 0 } })
  })

  it('is refused in the wrong order', async () => {
    const { before, after } = snapshots
    const error = await compareSnapshots({ before: after, after: before }).catch((reason: unknown) => reason)
    expect(error).to.include({ name: 'SnapshotError', code: 'ERR_SNAPSHOT_UNRELATED', file: before })
  })

  it('is refused of two threads, which have the same ids for other objects', async () => {
    const heap = (name: string): SmallHeap => ({
      nodes: [['synthetic', '', 0], ...Array.from({ length: 50 }, () => ['object', name, 16] as const)],
      edges: Array.from({ length: 50 }, (_, at) => [0, 'property', `field${at}`, at + 1] as const),
    })
    const error = await withFile(snapshotText(heap('Request')), (before) =>
      withFile(snapshotText(heap('Socket')), (after) => compareSnapshots({ before, after })),
    ).catch((reason: unknown) => reason)
    expect(error).to.include({ name: 'SnapshotError', code: 'ERR_SNAPSHOT_UNRELATED' })
  })

  it('ends when the signal says so, and not with a result', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const files = { before: snapshots.before, after: snapshots.after }
    const error = await compareSnapshots(files, { signal }).catch((reason: unknown) => reason)
    expect(error).to.have.property('message', 'enough')
  })

  it('has the bytes of shared memory apart from those that are a buffer’s own', async () => {
    const heap = (bytes: number): SmallHeap => ({
      nodes: [
        ['synthetic', '', 0],
        ['object', 'SharedArrayBuffer', 80],
        ['object', 'ArrayBuffer', 80],
        ['native', 'system / JSArrayBufferData', bytes],
        ['native', 'system / JSArrayBufferData', 10 * bytes],
      ],
      edges: [
        [0, 'property', 'shared', 1],
        [0, 'property', 'own', 2],
        [1, 'internal', 'backing_store', 3],
        [2, 'internal', 'backing_store', 4],
      ],
    })
    const growthOf = (before: string, after: string) => compareSnapshots({ before, after })
    const { categories } = await withFile(snapshotText(heap(1000)), (before) =>
      withFile(snapshotText(heap(3000)), (after) => growthOf(before, after)),
    )
    const grown = Object.fromEntries(
      categories.map(({ category, bytesBefore, bytesAfter }) => [category, bytesAfter - bytesBefore]),
    )
    expect(grown).to.include({ shared: 2000, external: 20_000, objects: 0 })
  })
})
