import { readdir } from 'node:fs/promises'

/** The names of the plug-ins in a folder, which are its file names, in order; folders in it are not looked into. */
export async function namesIn(folder: URL): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort()
}
