import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Machine } from './machine.js'
import type { Row } from './row.js'
import { pageTable } from './table.js'

/** One run, as it is kept. */
export interface Results {
  readonly machine: Machine
  readonly effort: 'thorough' | 'quick'
  readonly rows: readonly Row[]
}

const BEGIN = '<!-- figures: npm run bench -- --publish -->'
const END = '<!-- end of figures -->'

/** As JSON; what is no number is null there, and its row says `unknown`. */
export function resultsText(results: Results): string {
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  return `${JSON.stringify(results, rounded, 2)}\n`
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, resultsText(results))
}

/** The page with these figures in place of those that it has. */
export function pageWith(page: string, { machine, rows }: Results): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`the page has no place for figures, from "${BEGIN}" to "${END}"`)
  const { date, node, v8, platform, processor, processors, loadAverage } = machine
  const where = `${date.slice(0, 10)}, Node ${node} (V8 ${v8}), ${platform}, ${processors} × ${processor}, load ${loadAverage}`
  return `${page.slice(0, begin)}${BEGIN}\n\n${where}.\n\n${pageTable(rows)}\n\n${page.slice(end)}`
}

export async function publish(page: string, json: string, results: Results): Promise<void> {
  await writeResults(json, results)
  // What is written from the kept file and what is written now must be the same: a test compares them.
  const kept = JSON.parse(resultsText(results)) as Results
  await writeFile(page, pageWith(await readFile(page, 'utf8'), kept))
}
