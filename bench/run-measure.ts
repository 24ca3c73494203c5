import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Measure, quick as quickEffort, thorough } from './measure.js'
import { failedRow, middleRows, type Row } from './row.js'

export interface RunOptions {
  readonly quick: boolean
  /** Where to write a CPU profile of each measure's process. */
  readonly profileDir?: string | undefined
}

const LIMIT_MS = 60_000
const entry = fileURLToPath(new URL('./child.js', import.meta.url))

/** Runs one measure in processes of its own, one after another. One that crashes or doesn't end has a row that says so. */
export async function runMeasure(measure: Measure, options: RunOptions): Promise<readonly Row[]> {
  const { processes } = options.quick ? quickEffort : thorough
  const runs: (readonly Row[])[] = []
  while (runs.length < processes) runs.push(await runOnce(measure, options))
  return middleRows(runs)
}

async function runOnce(measure: Measure, { quick, profileDir }: RunOptions): Promise<readonly Row[]> {
  const child = fork(entry, [measure.name, quick ? 'quick' : 'thorough'], {
    execArgv: [...(measure.execArgv ?? []), ...profiling(measure, profileDir)],
    // NaN and Infinity are figures, too; JSON has neither.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  let rows: readonly Row[] | undefined
  child.on('message', (message) => {
    rows = message as Row[]
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), measure.limitMs ?? LIMIT_MS)
  const [code, signal] = await once(child, 'exit')
  clearTimeout(limit)
  return rows ?? [failedRow(measure.name, `${reason(errors)} (exit ${code ?? signal})`)]
}

function profiling(measure: Measure, profileDir: string | undefined): string[] {
  if (profileDir === undefined) return []
  return ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=bench.${measure.name}.cpuprofile`]
}

/** The line of the child's last words that names the error. */
function reason(errors: string): string {
  return errors.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? 'it ended without an answer'
}
