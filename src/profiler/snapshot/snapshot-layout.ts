import { z } from 'zod'
import type { FileCursor } from './file-cursor.js'
import { edgeTypes, nodeTypes, ofEdge, ofNode } from './heap-graph.js'

/** Where in a row of numbers which field stands: V8's versions add fields and types, and the file says which it has. */
export interface Layout {
  readonly nodeCount: number
  readonly edgeCount: number
  readonly node: {
    readonly width: number
    readonly type: number
    readonly name: number
    readonly id: number
    readonly selfSize: number
    readonly edgeCount: number
  }
  readonly edge: { readonly width: number; readonly type: number; readonly name: number; readonly to: number }
  readonly location: { readonly width: number; readonly node: number; readonly line: number } | undefined
  /** The code in `nodeTypes` of each code in the file; likewise of edges. */
  readonly nodeTypeCodes: Uint8Array
  readonly edgeTypeCodes: Uint8Array
}

/** Places of nodes and edges are 32-bit numbers; a heap of so many objects has more than 100 GB. */
const COUNT_MAX = 2 ** 31 - 2

const fieldNames = z.array(z.string())
const typeNames = z.tuple([z.array(z.string())], z.unknown())
const count = z.number().int().nonnegative().max(COUNT_MAX)

const description = z.object({
  meta: z.object({
    node_fields: fieldNames,
    node_types: typeNames,
    edge_fields: fieldNames,
    edge_types: typeNames,
    location_fields: fieldNames.optional(),
  }),
  node_count: count.min(1),
  edge_count: count,
})

export function layoutOf(text: string, cursor: FileCursor): Layout {
  const { meta, node_count, edge_count } = parsed(text, cursor)
  const place = (fields: readonly string[], field: string) => {
    const at = fields.indexOf(field)
    if (at < 0) throw cursor.damaged(`it does not tell where the field "${field}" is`)
    return at
  }
  return {
    nodeCount: node_count,
    edgeCount: edge_count,
    node: {
      width: meta.node_fields.length,
      type: place(meta.node_fields, 'type'),
      name: place(meta.node_fields, 'name'),
      id: place(meta.node_fields, 'id'),
      selfSize: place(meta.node_fields, 'self_size'),
      edgeCount: place(meta.node_fields, 'edge_count'),
    },
    edge: {
      width: meta.edge_fields.length,
      type: place(meta.edge_fields, 'type'),
      name: place(meta.edge_fields, 'name_or_index'),
      to: place(meta.edge_fields, 'to_node'),
    },
    location: meta.location_fields && {
      width: meta.location_fields.length,
      node: place(meta.location_fields, 'object_index'),
      line: place(meta.location_fields, 'line'),
    },
    nodeTypeCodes: codesOf(meta.node_types[0], nodeTypes, ofNode.hidden),
    edgeTypeCodes: codesOf(meta.edge_types[0], edgeTypes, ofEdge.hidden),
  }
}

function parsed(text: string, cursor: FileCursor): z.infer<typeof description> {
  const { data, error } = description.safeParse(jsonOf(text))
  if (data) return data
  const [first] = error.issues
  throw cursor.damaged(`its description is not V8's, at "${first?.path.join('.')}": ${first?.message}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function codesOf(inFile: readonly string[], known: readonly string[], otherwise: number): Uint8Array {
  return Uint8Array.from(inFile, (name) => {
    const code = known.indexOf(name)
    return code < 0 ? otherwise : code
  })
}
