import { basename, extname, isAbsolute, relative, resolve } from 'node:path'

/** What a file that holds a plug-in, a scenario or a plan in code may end in. */
export const moduleEndings: readonly string[] = ['.ts', '.mts', '.js', '.mjs']

/** Whether a plug-in is said by the path of its file, and not by a name that Busbar knows (`leaking/string-rope` is one). */
export function isPath(name: string): boolean {
  return isAbsolute(name) || /^\.\.?[\\/]/.test(name) || moduleEndings.includes(extname(name))
}

/** A name as it is; a path, as seen from `folder`, made absolute: so that it means the same to every thread. */
export function absolutePlugIn(name: string, folder: string = process.cwd()): string {
  return isPath(name) ? resolve(folder, name) : name
}

/** As a person would write it here: a path below the current folder from there on. */
export function shownName(name: string): string {
  if (!isAbsolute(name)) return name
  const path = relative(process.cwd(), name)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? name : path
}

/** As a part of a file's name. */
export function nameInFiles(name: string): string {
  return isPath(name) ? basename(name, extname(name)) : name.replaceAll('/', '-')
}
