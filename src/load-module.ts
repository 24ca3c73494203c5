import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * What a user's TypeScript imports by these names is the Busbar that loads it, installed beside it or not: a second one
 * would be heard by nobody, and its errors would be of other classes.
 */
const faces: Readonly<Record<string, string>> = {
  'busbar/stress': './stress.js',
  'busbar/target': './target.js',
  busbar: './index.js',
}

/**
 * The default export of a user's module. Rejects with whatever went wrong in it; the caller knows what it was meant to be.
 *
 * TypeScript goes through jiti, which is loaded here alone, and whose cache on the disk is on: the coordinator has loaded a
 * file before any worker does, so no worker loads the compiler, which would be in the memory that is measured.
 */
export async function defaultExportOf(file: string): Promise<unknown> {
  if (/\.m?js$/.test(extname(file))) {
    const module: { default?: unknown } = await import(pathToFileURL(file).href)
    return module.default
  }
  const { createJiti } = await import('jiti')
  const alias = Object.fromEntries(
    Object.entries(faces).map(([name, path]) => [name, fileURLToPath(new URL(path, import.meta.url))]),
  )
  const module = await createJiti(file, { alias }).import<{ default?: unknown }>(file)
  return module.default
}
