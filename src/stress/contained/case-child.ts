import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineOptions } from '../../engine.js'
import type { Evidence } from '../../evidence.js'
import { missingShell, SHELL } from '../../exhaustion/shell.js'
import type { ProcessEvidence } from '../../exhaustion.js'
import type { ExhaustionCase } from '../../exhaustion-case.js'
import type { Plan } from '../../plan.js'
import type { FromCase, ToCase } from './messages.js'

const entry = new URL('../../../workers/exhaustion.js', import.meta.url)
/** Beside the stages of the plan: to start a process and its threads on a busy machine, to drain, to count what is left. */
const BESIDE_STAGES_MS = 60_000
/** What is asked of a process that is to stop, or that has reported. */
const END_LIMIT_MS = 10_000
const LAST_WORD_LIMIT_MS = 2000
const WORDS_KEPT = 16_000
/** Node's options of the environment may hold a limit of the heap, which would go before those of the workers. */
const { NODE_OPTIONS: _, ...environment } = process.env

/** What became of the process of a case. */
export interface CaseEnd {
  readonly process: ProcessEvidence
  /** What it told, if it did. */
  readonly evidence?: Evidence
  /** All that is kept of what it wrote to standard error. */
  readonly words: string
}

export interface CaseChildOptions extends Pick<EngineOptions, 'signal' | 'onProgress'> {
  /** Everything that the case writes goes there. */
  readonly folder: string
  /** For tests of processes that misbehave. */
  readonly entry?: URL
  readonly besideStagesMs?: number
  readonly endLimitMs?: number
}

/** Runs a plan of one case in a process of its own. Resolves once that has ended, whatever it came to; never rejects, never waits without a limit. */
export function runCase(plan: Plan, used: ExhaustionCase, options: CaseChildOptions): Promise<CaseEnd> {
  return new CaseChild(plan, used, options).ended
}

class CaseChild {
  readonly ended: Promise<CaseEnd>
  readonly #child: ChildProcess
  readonly #options: CaseChildOptions
  readonly #killWithParent = () => this.#child.kill('SIGKILL')
  readonly #stop = () => this.#stopSoon()
  #timer: NodeJS.Timeout
  #last: Exclude<FromCase, { kind: 'progress' }> | undefined
  #isKilled = false
  #words = ''

  constructor(plan: Plan, used: ExhaustionCase, options: CaseChildOptions) {
    this.#options = options
    const [command, ...words] = launched(used, options.entry ?? entry)
    const { folder } = options
    this.#child = spawn(command, words, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...environment, TMPDIR: folder, TEMP: folder, TMP: folder },
    })
    const limitMs = plan.stages.reduce((sum, { durationMs }) => sum + durationMs, plan.timeoutMs)
    this.#timer = this.#killAfter(limitMs + (options.besideStagesMs ?? BESIDE_STAGES_MS))
    process.on('exit', this.#killWithParent)
    options.signal?.addEventListener('abort', this.#stop, { once: true })
    this.ended = this.#watch(plan)
  }

  #watch(plan: Plan): Promise<CaseEnd> {
    const child = this.#child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-WORDS_KEPT)
    })
    child.on('message', (message: FromCase) => this.#hear(message))
    return new Promise<CaseEnd>((resolve) => {
      // One that can't be started has no exit.
      child.once('error', (error) => {
        this.#words += error.message
        if (child.pid === undefined) resolve(this.#end(null, null))
      })
      child.once('close', (code, signal) => {
        const end = () => resolve(this.#end(code, signal))
        // What it said last may still be on its way.
        if (!child.connected) return end()
        child.once('disconnect', end)
        clearTimeout(this.#timer)
        this.#timer = setTimeout(end, LAST_WORD_LIMIT_MS)
      })
      this.#tell({ kind: 'run', plan })
      if (this.#options.signal?.aborted) this.#stop()
    })
  }

  #hear(message: FromCase): void {
    if (message.kind === 'progress') {
      this.#options.onProgress?.(message.progress)
      return
    }
    this.#last = message
    clearTimeout(this.#timer)
    this.#timer = this.#killAfter(this.#options.endLimitMs ?? END_LIMIT_MS)
  }

  #stopSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#killAfter(this.#options.endLimitMs ?? END_LIMIT_MS)
    this.#tell({ kind: 'stop' })
  }

  /** A process that is dying may not hear it any more; its end is seen anyway. */
  #tell(message: ToCase): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #killAfter(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#isKilled = true
      this.#child.kill('SIGKILL')
    }, limitMs)
  }

  #end(code: number | null, signal: NodeJS.Signals | null): CaseEnd {
    clearTimeout(this.#timer)
    process.off('exit', this.#killWithParent)
    this.#options.signal?.removeEventListener('abort', this.#stop)
    const last = this.#last
    const end = last === undefined ? (this.#isKilled ? 'silent' : 'ended') : endOf[last.kind]
    const said = last?.kind === 'failed' ? last.error.message : lastLines(this.#words)
    return {
      process: {
        end,
        ...(code === null ? {} : { exitCode: code }),
        ...(signal === null ? {} : { signal }),
        endedByItself: !this.#isKilled,
        ...(end === 'reported' || said === '' ? {} : { lastWords: said }),
      },
      ...(last?.kind === 'evidence' ? { evidence: last.evidence } : {}),
      words: this.#words,
    }
  }
}

const endOf = { evidence: 'reported', failed: 'failed' } as const

/** A shell sets the limits and becomes Node; no process that aborts leaves an image of its memory. */
function launched({ limits, nodeOptions = [] }: ExhaustionCase, file: URL): [command: string, ...words: string[]] {
  const node: [string, ...string[]] = [process.execPath, ...nodeOptions, fileURLToPath(file)]
  if (missingShell() !== undefined) return node
  const script = [...(limits === undefined ? [] : [limits]), 'ulimit -c 0', 'exec "$@"'].join(' && ')
  return [SHELL, '-c', script, SHELL, ...node]
}

const LINES_TOLD = 3

/** What V8 says of its end stands before its stack, as a line that says FATAL; of others, the last lines. */
function lastLines(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  const fatal = lines.find((line) => line.includes('FATAL ERROR'))
  return fatal ?? lines.slice(-LINES_TOLD).join('\n')
}
