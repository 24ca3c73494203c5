import type { Checker } from './checker.js'
import { EngineError } from './engine.js'
import { namesIn } from './plug-in-folder.js'
import type { Reporter } from './reporter.js'
import type { Scenario } from './scenario.js'
import type { Target } from './target.js'

interface Kinds {
  targets: Target
  scenarios: Scenario
  checkers: Checker
  reporters: Reporter
}

export type Kind = keyof Kinds

/** The names in a plug-in folder, which are its file names, in order. */
export async function names(kind: Kind): Promise<string[]> {
  return namesIn(new URL(`./${kind}/`, import.meta.url))
}

/** Targets that are there to be caught, by `busbar soak --prove`; `find` knows them by these names as well. */
export async function leakingNames(): Promise<string[]> {
  const files = await namesIn(new URL('./targets/leaking/', import.meta.url))
  return files.map((name) => `leaking/${name}`)
}

/** The plug-in of that name. An unknown name is an `EngineError` that tells the known ones. */
export async function find<K extends Kind>(kind: K, name: string): Promise<Kinds[K]> {
  const known = await names(kind)
  const isLeaking = kind === 'targets' && name.startsWith('leaking/') && (await leakingNames()).includes(name)
  if (!known.includes(name) && !isLeaking) {
    throw new EngineError('ERR_UNKNOWN_NAME', `unknown ${kind.slice(0, -1)} "${name}"; there are: ${known.join(', ')}`)
  }
  const module: { default: Kinds[K] } = await import(new URL(`./${kind}/${name}.js`, import.meta.url).href)
  return module.default
}
