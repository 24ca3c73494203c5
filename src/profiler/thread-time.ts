import { readFileSync } from 'node:fs'

/** What the operating system gave the calling thread since it began, in milliseconds. */
export interface ThreadTime {
  readonly cpuMs: number
  /** Ready to run, and no processor free. */
  readonly queuedMs: number
}

const NS_PER_MS = 1e6

/** Undefined where the system doesn't tell: it is Linux that has /proc, and its scheduler that counts. */
export function threadTime(): ThreadTime | undefined {
  try {
    const [cpuNs = '', queuedNs = ''] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')
    return { cpuMs: Number(cpuNs) / NS_PER_MS, queuedMs: Number(queuedNs) / NS_PER_MS }
  } catch {
    return undefined
  }
}
