import { debuglog } from 'node:util'
import type { VerdictResult } from '../checker.js'

/** What a script may rely on. Usage errors and a tool that failed are `unknown`: nothing was found out. */
export const exitCodes: Readonly<Record<VerdictResult, number>> = { valid: 0, invalid: 1, unknown: 2 }

/** As a shell says it of a program that ended by Ctrl-C. */
export const EXIT_CODE_INTERRUPTED = 130

const debug = debuglog('busbar')

/** An error as one line for a person; its stack is told under `NODE_DEBUG=busbar`. */
export function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  debug('%s', error.stack)
  const message = error.message.trim().replaceAll(/\s*\n\s*/g, '; ')
  return message === '' ? error.name : message
}
