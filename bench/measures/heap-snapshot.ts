import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HeapTask, HeapTaskCost } from '../heap-process.js'
import type { Measure } from '../measure.js'
import { row } from '../row.js'

/**
 * What reading the snapshot of a heap of 191 MB costs, once V8 has written it: about 360 MB on disk, for which V8 itself
 * takes some 20 s and 3 GB of memory.
 */
const SECOND = 1e6
const MEGABYTE = 2 ** 20

export const measures: readonly Measure[] = [
  {
    name: 'heap-snapshot',
    limitMs: 600_000,
    async run() {
      const folder = await mkdtemp(join(tmpdir(), 'busbar-bench-'))
      try {
        const file = join(folder, 'large.heapsnapshot')
        await costOf('write', file)
        const counting = await costOf('histogram', file)
        const holding = await costOf('paths', file)
        return [
          timeRow(`counting ${counting.nodes.toLocaleString('en-US')} objects of 191 MB by class`, counting, 3),
          memoryRow('memory of it', counting, 600),
          timeRow('dominators, retained sizes and retainer paths of the same', holding, 20),
          memoryRow('memory of these', holding),
        ]
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  },
]

function timeRow(title: string, { cpuMicroseconds }: HeapTaskCost, secondsMax: number) {
  return row({
    title,
    figures: [],
    reading: 'CPU time of a process that does nothing else',
    result: cpuMicroseconds,
    unit: 'µs',
    wanted: { atMost: secondsMax * SECOND },
  })
}

function memoryRow(title: string, { residentBytes }: HeapTaskCost, megabytesMax?: number) {
  return row({
    title,
    figures: [],
    reading: 'resident at the most, Node itself with it',
    result: residentBytes,
    unit: 'bytes',
    ...(megabytesMax && { wanted: { atMost: megabytesMax * MEGABYTE } }),
  })
}

async function costOf(task: HeapTask, file: string): Promise<HeapTaskCost> {
  const child = fork(fileURLToPath(new URL('../heap-process.js', import.meta.url)), [task, file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const messages: HeapTaskCost[] = []
  child.on('message', (message) => messages.push(message as HeapTaskCost))
  await once(child, 'exit')
  const [cost] = messages
  if (!cost) throw new Error(`Error: the process that should ${task} ended without an answer`)
  return cost
}
