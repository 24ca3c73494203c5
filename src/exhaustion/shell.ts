import { existsSync } from 'node:fs'

export const SHELL = '/bin/sh'

/** Why a case that needs a shell can't be done here; undefined where there is one. */
export function missingShell(): string | undefined {
  return existsSync(SHELL) ? undefined : `this system has no ${SHELL}`
}
