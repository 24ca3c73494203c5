import { bytes, doubles, numbers } from '../../memory/columns.js'
import { FileCursor } from './file-cursor.js'
import type { HeapGraph, HeapNodes } from './heap-graph.js'
import { nextKey, readRows, skipNumbers, smallValue } from './json-pieces.js'
import { type Layout, layoutOf } from './snapshot-layout.js'
import { readStrings } from './snapshot-strings.js'

interface ReadOptions {
  /** Ends the reading with its reason, at the next megabyte. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a `.heapsnapshot` of any size, from front to back, into columns. It takes 29 bytes a node and 9 an edge, and
 * the bytes of the strings as the file has them.
 *
 * Rejects with a `SnapshotError`: `ERR_SNAPSHOT_NOT_READ` where there is no such file, `ERR_SNAPSHOT_DAMAGED` where it
 * is no snapshot or not a whole one.
 */
export function readHeapSnapshot(file: string, options: ReadOptions = {}): Promise<HeapGraph> {
  return read(file, options, true)
}

/** The same without the edges, in a fraction of time and memory: enough to count objects, not to say who holds them. */
export function readHeapNodes(file: string, options: ReadOptions = {}): Promise<HeapNodes> {
  return read(file, options, false)
}

async function read(file: string, { signal }: ReadOptions, withEdges: boolean): Promise<HeapGraph> {
  const cursor = await FileCursor.open(file, signal)
  try {
    return await readParts(cursor, withEdges)
  } finally {
    await cursor.close()
  }
}

/** The parts in V8's order: what is described, nodes, edges, what is of no use here, and the strings last. */
async function readParts(cursor: FileCursor, withEdges: boolean): Promise<HeapGraph> {
  if ((await nextKey(cursor)) !== 'snapshot') throw cursor.damaged('it does not begin as a heap snapshot does')
  const layout = layoutOf(await smallValue(cursor), cursor)
  let nodes: NodeColumns | undefined
  let edges: EdgeColumns | undefined
  let line = numbers(0)
  for (let key = await nextKey(cursor); key !== undefined; key = await nextKey(cursor)) {
    if (key === 'nodes') nodes = await readNodes(cursor, layout)
    else if (key === 'edges' && withEdges) edges = await readEdges(cursor, layout)
    else if (key === 'locations' && withEdges) line = await readLines(cursor, layout)
    else if (key === 'strings') {
      if (!nodes || (withEdges && !edges)) throw cursor.damaged('it has no nodes or no edges')
      const { nodeCount, edgeCount } = layout
      const strings = await readStrings(cursor)
      return { nodeCount, edgeCount, ...nodes, ...(edges ?? emptyEdges()), line, strings }
    } else await skipNumbers(cursor)
  }
  throw cursor.damaged('it has no strings')
}

type NodeColumns = Pick<HeapGraph, 'nodeType' | 'nodeName' | 'nodeId' | 'selfSize' | 'firstEdge'>
type EdgeColumns = Pick<HeapGraph, 'edgeType' | 'edgeName' | 'edgeTo'>

async function readNodes(cursor: FileCursor, layout: Layout): Promise<NodeColumns> {
  const { nodeCount, edgeCount, node, nodeTypeCodes } = layout
  const nodeType = bytes(nodeCount)
  const nodeName = numbers(nodeCount)
  const nodeId = numbers(nodeCount)
  const selfSize = doubles(nodeCount)
  const firstEdge = numbers(nodeCount + 1)
  let count = 0
  let edges = 0
  await readRows(cursor, node.width, (row, rows) => {
    if (count + rows > nodeCount) throw cursor.damaged(`it has more nodes than the ${nodeCount} that it tells`)
    for (let from = 0; from < rows * node.width; from += node.width) {
      nodeType[count] = nodeTypeCodes[row[from + node.type] as number] ?? 0
      nodeName[count] = row[from + node.name] as number
      nodeId[count] = row[from + node.id] as number
      selfSize[count] = row[from + node.selfSize] as number
      firstEdge[count++] = edges
      edges += row[from + node.edgeCount] as number
    }
  })
  firstEdge[count] = edges
  if (count < nodeCount) throw cursor.damaged(`it has ${count} nodes and tells ${nodeCount}`)
  if (edges !== edgeCount) throw cursor.damaged(`its nodes have ${edges} edges and it tells ${edgeCount}`)
  return { nodeType, nodeName, nodeId, selfSize, firstEdge }
}

async function readEdges(cursor: FileCursor, layout: Layout): Promise<EdgeColumns> {
  const { nodeCount, edgeCount, node, edge, edgeTypeCodes } = layout
  const edgeType = bytes(edgeCount)
  const edgeName = numbers(edgeCount)
  const edgeTo = numbers(edgeCount)
  let count = 0
  await readRows(cursor, edge.width, (row, rows) => {
    if (count + rows > edgeCount) throw cursor.damaged(`it has more edges than the ${edgeCount} that it tells`)
    for (let from = 0; from < rows * edge.width; from += edge.width) {
      // The file says where in its array of numbers the node begins.
      const to = (row[from + edge.to] as number) / node.width
      if (!Number.isInteger(to) || to >= nodeCount) throw cursor.damaged('an edge of it leads to no node')
      edgeType[count] = edgeTypeCodes[row[from + edge.type] as number] ?? 0
      edgeName[count] = row[from + edge.name] as number
      edgeTo[count++] = to
    }
  })
  if (count < edgeCount) throw cursor.damaged(`it has ${count} edges and tells ${edgeCount}`)
  return { edgeType, edgeName, edgeTo }
}

async function readLines(cursor: FileCursor, { nodeCount, node, location }: Layout): Promise<Int32Array<ArrayBuffer>> {
  const line = numbers(nodeCount)
  if (!location) {
    await skipNumbers(cursor)
    return line
  }
  await readRows(cursor, location.width, (row, rows) => {
    for (let from = 0; from < rows * location.width; from += location.width) {
      line[(row[from + location.node] as number) / node.width] = (row[from + location.line] as number) + 1
    }
  })
  return line
}

function emptyEdges(): EdgeColumns {
  return { edgeType: bytes(0), edgeName: numbers(0), edgeTo: numbers(0) }
}
