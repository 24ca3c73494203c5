import { readdirSync, readFileSync } from 'node:fs'

/** Descriptors that the process has open; undefined where the system doesn't tell, or has none left to look. */
export function openDescriptors(): number | undefined {
  try {
    // To read the folder takes one, which is listed as well.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return undefined
  }
}

/** How many the process may have open; undefined where the system doesn't tell, or there is no limit. */
export function descriptorLimit(): number | undefined {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return limit === undefined ? undefined : Number(limit)
  } catch {
    return undefined
  }
}
