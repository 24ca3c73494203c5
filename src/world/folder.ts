import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder, with those above it that are missing. Rejects with the system's error where that can't be done.
 *
 * One by one, from the nearest that there is: where the system says of a folder that is there that nothing can be made in it
 * because it is not (`ENOENT`, below /proc), Node's own recursive way tries again for ever.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = []
  for (let path = resolve(folder); !(await isThere(path)) && path !== dirname(path); path = dirname(path))
    missing.push(path)
  for (const path of missing.reverse()) {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      // Somebody else may have made it meanwhile.
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
