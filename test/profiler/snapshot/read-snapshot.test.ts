import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { edgeTypes, isNumbered, nodeTypes, ofNode } from '../../../src/profiler/snapshot/heap-graph.js'
import { readHeapNodes, readHeapSnapshot } from '../../../src/profiler/snapshot/read-snapshot.js'
import { type Snapshots, snapshotsOfLeaks } from '../heap/snapshots-of-leaks.js'
import { readByMemlab } from '../memlab-oracle.js'
import { graphOf, type SmallHeap, type SnapshotJson, snapshotText, withFile } from '../small-heap.js'

const small: SmallHeap = {
  nodes: [
    ['synthetic', '', 0],
    ['object', 'Service', 24],
    ['string', 'a "quoted" \\ text\nof two lines, é 𝄞', 40],
  ],
  edges: [
    [0, 'shortcut', 'global', 1],
    [1, 'property', '#name', 2],
    [1, 'element', 7, 2],
  ],
}

async function codeOf(text: string): Promise<string> {
  return withFile(text, async (file) => {
    try {
      await readHeapSnapshot(file)
      return 'read'
    } catch (error) {
      expect(error).to.have.property('message').that.includes(file)
      return (error as { code: string }).code
    }
  })
}

describe('reading a heap snapshot', () => {
  let snapshots: Snapshots
  before(async function () {
    this.timeout(120_000)
    snapshots = await snapshotsOfLeaks()
  })

  it('gives every node and every edge as memlab does', async function () {
    this.timeout(120_000)
    const graph = await readHeapSnapshot(snapshots.before)
    const oracle = await readByMemlab(snapshots.before)
    expect(graph.nodeCount).to.equal(oracle.length)
    for (const [node, expected] of oracle.entries()) {
      const { strings, edgeType, edgeName, edgeTo, nodeId } = graph
      const edges = range(graph.firstEdge[node], graph.firstEdge[node + 1]).map((edge) => {
        const type = edgeType[edge] as number
        const name = isNumbered(type) ? edgeName[edge] : strings.at(edgeName[edge] as number)
        return `${edgeTypes[type]} ${name} → ${(nodeId[edgeTo[edge] as number] as number) >>> 0}`
      })
      const read = {
        id: (nodeId[node] as number) >>> 0,
        type: nodeTypes[graph.nodeType[node] as number],
        name: strings.at(graph.nodeName[node] as number),
        selfSize: graph.selfSize[node],
        edges,
      }
      const { retainedSize: _, ...same } = expected
      if (JSON.stringify(read) !== JSON.stringify(same)) expect(read).to.deep.equal(same)
    }
  })

  it('tells in which line a function begins', async () => {
    const graph = await readHeapSnapshot(snapshots.before)
    const closure = range(0, graph.nodeCount).find(
      (node) =>
        graph.nodeType[node] === ofNode.closure && graph.strings.at(graph.nodeName[node] as number) === 'neverCleared',
    )
    const source = await readFile(new URL('../heap/planted-leaks.js', import.meta.url), 'utf8')
    const line = source.split('\n').findIndex((text) => text.includes('function neverCleared')) + 1
    expect(graph.line[closure as number]).to.equal(line)
  })

  it('gives strings as they were, whatever is in them', async () => {
    const { strings, nodeName } = await graphOf(small)
    expect(strings.at(nodeName[2] as number)).to.equal('a "quoted" \\ text\nof two lines, é 𝄞')
    expect(strings.at(999)).to.equal('')
    expect(strings.indexOf('a "quoted" \\ text\nof two lines, é 𝄞')).to.equal(nodeName[2])
    expect(strings.indexOf('quoted')).to.equal(-1)
    expect(strings.indicesWith('quoted')).to.deep.equal([nodeName[2]])
  })

  it('finds the fields where the file says that they are, and takes unknown types for hidden', async () => {
    const text = snapshotText(small, (json) => {
      const { meta } = json.snapshot
      meta.node_fields.reverse()
      meta.node_types = [['string', 'synthetic', 'novelty', 'object'], 'string']
      json.nodes = rows(json.nodes, 7).flatMap(([type, ...rest], at) => [...rest.reverse(), [1, 3, 2][at] ?? type ?? 0])
      meta.edge_fields = ['to_node', 'color', 'type', 'name_or_index']
      json.edges = rows(json.edges, 3).flatMap(([type = 0, name = 0, to = 0]) => [to, 9, type, name])
    })
    const graph = await withFile(text, (file) => readHeapSnapshot(file))
    expect([...graph.nodeType].map((type) => nodeTypes[type])).to.deep.equal(['synthetic', 'object', 'hidden'])
    expect([...graph.selfSize]).to.deep.equal([0, 24, 40])
    expect([...graph.edgeTo]).to.deep.equal([1, 2, 2])
    expect([...graph.edgeType].map((type) => edgeTypes[type])).to.deep.equal(['shortcut', 'property', 'element'])
  })

  it('reads the nodes alone where nobody asks who holds them', async () => {
    const nodes = await readHeapNodes(snapshots.before)
    const graph = await readHeapSnapshot(snapshots.before)
    expect(nodes.nodeId).to.deep.equal(graph.nodeId)
    expect(nodes).to.have.property('edgeTo').with.lengthOf(0)
  })

  it('refuses a file that ends too early, wherever it ends', async () => {
    const text = snapshotText(small)
    for (let length = text.length - 2; length >= 0; length -= 31) {
      expect(await codeOf(text.slice(0, length)), `the first ${length} characters`).to.equal('ERR_SNAPSHOT_DAMAGED')
    }
    expect(await codeOf(text)).to.equal('read')
  })

  const spoiled: Readonly<Record<string, (json: SnapshotJson) => unknown>> = {
    'more nodes than it tells': (json) => void json.nodes.push(0, 0, 9, 0, 0, 0, 0),
    'fewer nodes than it tells': (json) => void json.nodes.splice(-7),
    'half a node': (json) => void json.nodes.push(1),
    'more edges than it tells': (json) => void json.edges.push(0, 0, 0),
    'fewer edges than it tells': (json) => void json.edges.splice(-3),
    'an edge to nowhere': (json) => void json.edges.splice(2, 1, 7 * 100),
    'an edge into the middle of a node': (json) => void json.edges.splice(2, 1, 3),
    'no field for the size': (json) => void json.snapshot.meta.node_fields.splice(3, 1, 'weight'),
    'no description': () => ({ nodes: [], edges: [], strings: [] }),
    'a description of another kind': () => ({ snapshot: { title: 'trace' }, nodes: [] }),
    'no strings': ({ strings: _, ...json }) => json,
    'no nodes': ({ nodes: _, ...json }) => json,
    'nodes of none': (json) => void Object.assign(json.snapshot, { node_count: 0 }),
  }
  for (const [what, spoil] of Object.entries(spoiled)) {
    it(`refuses a file with ${what}`, async () => {
      expect(await codeOf(snapshotText(small, spoil))).to.equal('ERR_SNAPSHOT_DAMAGED')
    })
  }

  it('refuses what is no snapshot at all, and says so of a file that is not there', async () => {
    expect(await codeOf('{"name":"busbar"}')).to.equal('ERR_SNAPSHOT_DAMAGED')
    expect(await codeOf('[1,2,3]')).to.equal('ERR_SNAPSHOT_DAMAGED')
    expect(await codeOf('x'.repeat(3_000_000))).to.equal('ERR_SNAPSHOT_DAMAGED')
    const error = await readHeapSnapshot('no/such.heapsnapshot').catch((reason: unknown) => reason)
    expect(error).to.include({ name: 'SnapshotError', code: 'ERR_SNAPSHOT_NOT_READ', file: 'no/such.heapsnapshot' })
  })

  it('ends when the signal says so', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const error = await readHeapSnapshot(snapshots.before, { signal }).catch((reason: unknown) => reason)
    expect(error).to.have.property('message', 'enough')
  })
})

function rows(values: readonly number[], width: number): number[][] {
  return range(0, values.length / width).map((row) => values.slice(row * width, (row + 1) * width))
}

function range(from = 0, to = 0): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}
