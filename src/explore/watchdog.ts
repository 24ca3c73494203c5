import { Script } from 'node:vm'

/** Code was still running when its time was up, and was stopped. */
export class HangError extends Error {
  override readonly name = 'HangError'
}

const place = Symbol.for('busbar.explore.watched')
const script = new Script(`globalThis[Symbol.for('busbar.explore.watched')]()`, { filename: 'busbar-watchdog.js' })

/**
 * Runs `action`, and stops it after `limitMs` milliseconds wherever it is, also in an endless loop: V8's own watchdog, which
 * `node:vm` gives to scripts. Throws a `HangError` then. What was stopped in its middle must not be used any more.
 */
export function within(limitMs: number, action: () => void): void {
  const global = globalThis as Record<symbol, unknown>
  const outer = global[place]
  global[place] = action
  try {
    script.runInThisContext({ timeout: limitMs })
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new HangError(`still running after ${limitMs} ms`)
  } finally {
    global[place] = outer
  }
}
