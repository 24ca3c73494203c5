import { writeHeapSnapshot } from 'node:v8'
import { histogram } from '../src/profiler/heap/histogram.js'
import { summaryOf } from '../src/profiler/heap/summary.js'
import { PathKinds } from '../src/profiler/retaining/path-kinds.js'
import { readHeapNodes, readHeapSnapshot } from '../src/profiler/snapshot/read-snapshot.js'

/** A process that does one thing with one heap snapshot, so that its time and its memory are that thing's alone. */
export type HeapTask = 'write' | 'histogram' | 'paths'

/** CPU time of the whole process, in microseconds: neighbours on its cores don't count. Resident bytes at the most. */
export interface HeapTaskCost {
  readonly cpuMicroseconds: number
  readonly residentBytes: number
  readonly nodes: number
}

const HEAP_BYTES = 191 * 2 ** 20
/** Objects made between two looks at the heap's size. */
const STEP = 20_000

class Item {
  readonly id: string
  readonly tags: number[]
  readonly meta: object

  constructor(
    number: number,
    readonly previous: Item | undefined,
  ) {
    this.id = `item ${number}`
    this.tags = [number, number + 1]
    this.meta = { number, name: `name ${number % 1000}` }
  }
}

/** Lists of a hundred in a Map, with strings, arrays and plain objects: about five million nodes. */
function itemsOfHeap(): Map<string, Item> {
  const items = new Map<string, Item>()
  let last: Item | undefined
  while (process.memoryUsage().heapUsed < HEAP_BYTES) {
    for (let step = 0; step < STEP; step++) {
      last = new Item(items.size, items.size % 100 === 0 ? undefined : last)
      items.set(`key ${items.size}`, last)
    }
  }
  return items
}

async function nodesOf(task: HeapTask, file: string): Promise<number> {
  if (task === 'write') {
    const items = itemsOfHeap()
    writeHeapSnapshot(file)
    return items.size
  }
  if (task === 'histogram') return histogram(await readHeapNodes(file)).reduce((sum, { count }) => sum + count, 0)
  const graph = await readHeapSnapshot(file)
  await summaryOf(graph, new PathKinds(), async () => {})
  return graph.nodeCount
}

// Whoever waits for it may be given up; then nobody wants the answer.
process.once('disconnect', () => process.exit(1))
const [task, file] = process.argv.slice(2)
const nodes = await nodesOf(task as HeapTask, file as string)
const { user, system } = process.cpuUsage()
const cost: HeapTaskCost = {
  cpuMicroseconds: user + system,
  residentBytes: process.resourceUsage().maxRSS * 2 ** 10,
  nodes,
}
process.send?.(cost, () => process.exit(0))
