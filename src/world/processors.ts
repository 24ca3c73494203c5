import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** No answer of the system's takes longer. */
const LIMIT_MS = 5000

/**
 * Holds the calling thread, and those that it creates from then on, to one of the processors that it may use. Returns what gives the
 * others back, or undefined where the system has no way to do it (`taskset` is Linux's).
 *
 * Processors of one machine differ: by what else runs on them, and, where they are virtual, by what runs on the real ones below.
 * Two threads that are measured against each other must not be on two of them.
 */
export function holdToOneProcessor(): (() => void) | undefined {
  const before = allowedProcessors()
  const last = before?.match(/\d+$/)?.[0]
  if (before === undefined || last === undefined || !allow(last)) return undefined
  return () => {
    allow(before)
  }
}

/** As the system lists them, `0-3,6`; undefined where it does not. */
export function allowedProcessors(): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function allow(processors: string): boolean {
  // Without -a it is the process's first thread alone: V8's own threads go on compiling and collecting on the others.
  const { status } = spawnSync('taskset', ['-p', '-c', processors, String(process.pid)], { timeout: LIMIT_MS })
  return status === 0 && allowedProcessors() !== undefined
}
