import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { allMeasures, chosen } from './catalog.js'
import { thisMachine } from './machine.js'
import { publish, type Results, writeResults } from './results.js'
import type { Row } from './row.js'
import { runMeasure } from './run-measure.js'
import { consoleTable, summary } from './table.js'

/**
 * `npm run bench`: what the breaker costs, each figure as a ratio to what it can't do without or to a peer.
 *
 * Ends with exit code 2 if a measure gave no result. A mark that was missed is no error: on a busy machine it may be the
 * machine, so whoever runs this reads the table.
 */
interface Options {
  readonly only?: string
  readonly quick: boolean
  readonly json: string
  readonly publish: boolean
  readonly profileDir?: string
}

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

const { only, json, profileDir, ...options } = new Command('bench')
  .description('Measures what the breaker costs.')
  .option('--only <text>', 'only measures whose name has this in it')
  .option('--quick', 'a fifth of the time, for a look', false)
  .option('--json <file>', 'where to keep the figures', 'reports/bench.json')
  .option('--publish', 'keep them in docs/benchmarks.json and docs/benchmarks.md too', false)
  .option('--profile-dir <folder>', 'write a CPU profile of each measure there')
  .parse()
  .opts<Options>()

const measures = chosen(await allMeasures(), only)
if (measures.length === 0) throw new Error(`no measure has "${only}" in its name`)
if (options.publish && (only !== undefined || options.quick)) throw new Error('only a whole, thorough run is published')
const machine = thisMachine()
const rows: Row[] = []
for (const [index, measure] of measures.entries()) {
  process.stderr.write(`${index + 1} of ${measures.length}: ${measure.name}\n`)
  rows.push(...(await runMeasure(measure, { quick: options.quick, profileDir })))
}
const results: Results = { machine, effort: options.quick ? 'quick' : 'thorough', rows }
console.log(consoleTable(rows) + summary(rows))
await writeResults(json, results)
if (options.publish) await publish(`${docs}benchmarks.md`, `${docs}benchmarks.json`, results)
if (rows.some(({ reached }) => reached === 'unknown')) process.exitCode = 2
