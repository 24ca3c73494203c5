import type { Command } from 'commander'
import { EngineError } from '../engine.js'
import { interruptible } from './interrupt.js'
import { whole } from './options.js'

const help = `
One file tells what a heap is made of. Two tell what grew from the first to the second, and who holds it; three do so
for what was born before the second and lives on in the third, so that calls under way are not taken for a leak.
All must be of one thread: the ids of objects are the thread's own.

Examples:
  $ busbar heap worker-3.after.heapsnapshot
  $ busbar heap worker-3.before.heapsnapshot worker-3.after.heapsnapshot
  $ busbar heap one.heapsnapshot two.heapsnapshot three.heapsnapshot --json`

const FILES_MAX = 3

interface HeapFlags {
  readonly top: number
  readonly json: boolean
}

export function addHeapCommand(program: Command): void {
  program
    .command('heap')
    .description('tell what a heap snapshot is made of, or what grew between two and who holds it')
    .argument('<files...>', 'one to three .heapsnapshot files, in the order in which they were taken')
    .option('--top <n>', 'rows of each table', whole('--top', 1, 10_000), 20)
    .option('--json', 'the figures as JSON', false)
    .addHelpText('after', help)
    .action(async (files: string[], flags: HeapFlags) => {
      process.stdout.write(await interruptible((signal) => heapText(files, flags, signal)))
    })
}

async function heapText(files: readonly string[], { top, json }: HeapFlags, signal: AbortSignal): Promise<string> {
  const [before = '', between, last] = files
  if (files.length > FILES_MAX) {
    throw new EngineError('ERR_ARGUMENT', `${files.length} snapshots are not allowed; name one to ${FILES_MAX}`)
  }
  // Only who reads a heap loads what it takes.
  const { growthText, histogramText } = await import('../reporting/heap-tables.js')
  const { painter } = await import('../reporting/paint.js')
  const width = process.stdout.columns || 120
  const paint = painter(process.stdout.isTTY && process.stdout.hasColors())
  if (between === undefined) {
    const { readHeapNodes } = await import('../profiler/snapshot/read-snapshot.js')
    const { histogram } = await import('../profiler/heap/histogram.js')
    const classes = histogram(await readHeapNodes(before, { signal }))
    return json ? jsonLine(classes.slice(0, top)) : histogramText(classes, top, paint, width)
  }
  const { compareSnapshots } = await import('../profiler/heap/compare-snapshots.js')
  const growth = await compareSnapshots(
    last === undefined ? { before, after: between } : { before, between, after: last },
    { signal, classesMax: top, clustersMax: top },
  )
  return json ? jsonLine(growth) : growthText(growth, paint, width)
}

function jsonLine(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
