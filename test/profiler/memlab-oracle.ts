import memlab from '@memlab/core'

const { config, TraceFinder, utils } = memlab

/** What memlab says of a node. */
export interface OracleNode {
  readonly id: number
  readonly type: string
  readonly name: string
  readonly selfSize: number
  readonly retainedSize: number
  /** Each as `type name → id`. */
  readonly edges: readonly string[]
}

const readings = new Map<string, Promise<OracleNode[]>>()

/** A snapshot as memlab reads it, with the retained sizes that it computes; each file once, as that takes seconds. */
export function readByMemlab(file: string): Promise<OracleNode[]> {
  const reading = readings.get(file) ?? read(file)
  readings.set(file, reading)
  return reading
}

async function read(file: string): Promise<OracleNode[]> {
  config.muteConsole = true
  const snapshot = await utils.getSnapshotFromFile(file, { buildNodeIdIndex: true, verbose: false })
  new TraceFinder().calculateAllNodesRetainedSizes(snapshot)
  const nodes: OracleNode[] = []
  snapshot.nodes.forEach((node) => {
    nodes.push({
      id: node.id,
      type: node.type,
      // It adds a word of its own to what V8 says is detached.
      name: node.name.replace(/^Detached (?=Node )/, ''),
      selfSize: node.self_size,
      retainedSize: node.retainedSize,
      edges: node.references.map((edge) => `${edge.type} ${edge.name_or_index} → ${edge.toNode.id}`),
    })
  })
  return nodes
}
