import { EXIT_CODE_INTERRUPTED } from './exit.js'

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs `act` with a signal that the first Ctrl-C (or SIGTERM) aborts, so that the report of what ran is still written.
 * The second ends the process at once.
 */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT_CODE_INTERRUPTED)
    process.stderr.write('\nstopping: the report of what ran follows; once more ends at once\n')
    controller.abort()
  }
  for (const name of signals) process.on(name, interrupt)
  try {
    return await act(controller.signal)
  } finally {
    for (const name of signals) process.off(name, interrupt)
  }
}
