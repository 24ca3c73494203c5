import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { edgeTypes, type HeapGraph, nodeTypes } from '../../src/profiler/snapshot/heap-graph.js'
import { readHeapSnapshot } from '../../src/profiler/snapshot/read-snapshot.js'

/** A heap that a test writes by hand. Node 0 is the root; ids are 1, 3, 5 … unless said otherwise. */
export interface SmallHeap {
  readonly nodes: readonly SmallNode[]
  readonly edges: readonly SmallEdge[]
}

type SmallNode = readonly [type: string, name: string, size: number, id?: number]
type SmallEdge = readonly [from: number, type: string, name: string | number, to: number]

/** As V8 would write it. `change` may spoil what is to be written. */
export function snapshotText(
  { nodes, edges }: SmallHeap,
  change: (json: SnapshotJson) => unknown = (json) => json,
): string {
  const strings: string[] = ['']
  const place = (text: string) => {
    if (!strings.includes(text)) strings.push(text)
    return strings.indexOf(text)
  }
  const nodeFields = ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness']
  const json: SnapshotJson = {
    snapshot: {
      meta: {
        node_fields: nodeFields,
        node_types: [[...nodeTypes], 'string', 'number', 'number', 'number', 'number', 'number'],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [[...edgeTypes], 'string_or_number', 'node'],
      },
      node_count: nodes.length,
      edge_count: edges.length,
    },
    nodes: nodes.flatMap(([type, name, size, id], at) => [
      nodeTypes.indexOf(type as (typeof nodeTypes)[number]),
      place(name),
      id ?? at * 2 + 1,
      size,
      edges.filter(([from]) => from === at).length,
      0,
      0,
    ]),
    edges: edges
      .toSorted(([one], [other]) => one - other)
      .flatMap(([, type, name, to]) => [
        edgeTypes.indexOf(type as (typeof edgeTypes)[number]),
        typeof name === 'string' ? place(name) : name,
        to * nodeFields.length,
      ]),
    trace_function_infos: [],
    locations: [],
    strings,
  }
  return JSON.stringify(change(json) ?? json)
}

export interface SnapshotJson {
  snapshot: {
    meta: {
      node_fields: string[]
      node_types: unknown[]
      edge_fields: string[]
      edge_types: unknown[]
      location_fields?: string[]
    }
    node_count: number
    edge_count: number
  }
  nodes: number[]
  edges: number[]
  trace_function_infos: number[]
  locations: number[]
  strings: string[]
}

/** Calls `use` with a file that holds `text`, and removes it again. */
export async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'busbar-heap-'))
  const file = join(folder, 'small.heapsnapshot')
  try {
    await writeFile(file, text)
    return await use(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export function graphOf(heap: SmallHeap): Promise<HeapGraph> {
  return withFile(snapshotText(heap), (file) => readHeapSnapshot(file))
}
