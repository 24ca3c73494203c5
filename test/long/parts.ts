import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'

export interface PartResult {
  readonly result: 'passed' | 'failed' | 'timed out'
  readonly durationMs: number
  /** When it ended, ISO 8601. */
  readonly at: string
  /** For people; `fingerprint` decides. */
  readonly commit: string
  /** Of everything compiled: a part that passed on the same one need not run again. */
  readonly fingerprint: string
}

export interface LongRun {
  /** Where compiled code is; the tests are in `test` below it. */
  readonly dist: string
  /** Where logs and results are kept. */
  readonly state: string
  readonly fresh: boolean
  readonly limitMs: number
  readonly print: (line: string) => void
}

type Results = Record<string, PartResult>

const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
const tag = /['"`][^'"`\n]*@slow/

/**
 * Runs each part of the slow suite, a test file that has @slow in it, in a process of its own. Results are written
 * after each, so a run that was broken off goes on where it stopped: what passed on the same compiled code is skipped.
 */
export async function runParts(run: LongRun): Promise<Results> {
  mkdirSync(run.state, { recursive: true })
  const fingerprint = fingerprintOf(run.dist)
  const earlier = run.fresh ? {} : readResults(run.state)
  const parts = partsIn(join(run.dist, 'test'))
  // Of parts that no longer exist nothing is kept.
  const results: Results = Object.fromEntries(
    parts.flatMap(({ name }) => (earlier[name] ? [[name, earlier[name]]] : [])),
  )
  for (const [index, { name, file }] of parts.entries()) {
    const place = `[${index + 1}/${parts.length}] ${name}`
    const last = results[name]
    if (last?.result === 'passed' && last.fingerprint === fingerprint) {
      run.print(`${place}: passed before, ${last.at}`)
      continue
    }
    const log = join(run.state, `${name}.log`)
    run.print(`${place}: runs, output in ${log}`)
    const startedMs = Date.now()
    const result = await runPart(file, log, run.limitMs)
    const durationMs = Date.now() - startedMs
    results[name] = { result, durationMs, at: new Date().toISOString(), commit: commit(), fingerprint }
    writeResults(run.state, results)
    run.print(`${place}: ${result} in ${Math.round(durationMs / 1000)} s`)
  }
  return results
}

function partsIn(folder: string): { name: string; file: string }[] {
  return filesIn(folder, '.test.js')
    .filter((file) => tag.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => ({ name: file.slice(0, -'.test.js'.length).replaceAll(sep, '.'), file: join(folder, file) }))
}

/** The project's own mocha configuration names all tests, so it is left out here. */
function runPart(file: string, log: string, limitMs: number): Promise<PartResult['result']> {
  const words = [mocha, '--no-config', '--grep', '@slow', '--fail-zero', '--forbid-only', '--reporter', 'spec', file]
  const output = createWriteStream(log)
  const child = spawn(process.execPath, ['--enable-source-maps', ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  let timedOut = false
  const limit = setTimeout(() => {
    timedOut = true
    child.kill('SIGKILL')
  }, limitMs)
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(limit)
      if (timedOut) output.write(`\nended after its limit of ${limitMs} ms\n`)
      output.end(() => resolve(timedOut ? 'timed out' : code === 0 ? 'passed' : 'failed'))
    })
  })
}

function fingerprintOf(dist: string): string {
  const hash = createHash('sha256')
  for (const file of filesIn(dist, '.js')) hash.update(`${file}\0`).update(readFileSync(join(dist, file)))
  return hash.digest('hex').slice(0, 16)
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
}

/** The commit, with a plus if there is more than it; a tree without git is no reason not to test. */
function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}

function readResults(state: string): Results {
  try {
    return JSON.parse(readFileSync(join(state, 'results.json'), 'utf8'))
  } catch {
    // None yet, or half of one: then everything runs.
    return {}
  }
}

function writeResults(state: string, results: Results): void {
  const file = join(state, 'results.json')
  writeFileSync(`${file}.part`, `${JSON.stringify(results, null, 2)}\n`)
  renameSync(`${file}.part`, file)
}
