import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { textTable } from '../src/reporting/grid.js'
import { runParts } from './long/parts.js'

/**
 * `npm run test:long`: the slow suite, part by part; called again, it goes on where it stopped.
 *
 *     npm run test:long             what hasn't passed on this code yet
 *     npm run test:long -- --fresh  everything
 */
const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })

const results = await runParts({
  dist: fileURLToPath(new URL('..', import.meta.url)),
  state: '.long',
  fresh: values.fresh,
  limitMs: 90 * 60_000,
  print: (line) => console.log(line),
})

const rows = Object.entries(results).map(([name, { result, durationMs, at, commit }]) => [
  result,
  name,
  `${Math.round(durationMs / 1000)} s at ${commit}, ${at}`,
])
const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
console.log(rows.length === 0 ? 'there is no test marked @slow' : `\n${textTable(rows, widths, 120)}`)
process.exitCode = rows.every(([result]) => result === 'passed') ? 0 : 1
