import { EngineError } from './engine.js'
import type { Kind, PlugIns } from './plug-in.js'
import { namesIn } from './plug-in-folder.js'
import { absolutePlugIn, isPath } from './plug-in-path.js'
import type { Scenario } from './scenario.js'

/** The names in a plug-in folder, which are its file names, in order. */
export async function names(kind: Kind): Promise<string[]> {
  return namesIn(new URL(`./${kind}/`, import.meta.url))
}

/** Targets that are there to be caught, by `busbar soak --prove`; `find` knows them by these names as well. */
export async function leakingNames(): Promise<string[]> {
  const files = await namesIn(new URL('./targets/leaking/', import.meta.url))
  return files.map((name) => `leaking/${name}`)
}

/**
 * The plug-in of that name, or of the file at that path. An unknown name is an `EngineError` (`ERR_UNKNOWN_NAME`) that tells
 * the known ones; a file that is none is one too (`ERR_PLUG_IN`).
 */
export async function find<K extends Kind>(kind: K, name: string): Promise<PlugIns[K]> {
  if (isPath(name)) return own(kind, absolutePlugIn(name))
  const known = await names(kind)
  const isLeaking = kind === 'targets' && name.startsWith('leaking/') && (await leakingNames()).includes(name)
  if (!known.includes(name) && !isLeaking) {
    const noun = kind.slice(0, -1)
    const there = `there are: ${known.join(', ')}; or say the path of your own, such as ./my-${noun}.ts`
    throw new EngineError('ERR_UNKNOWN_NAME', `unknown ${noun} "${name}"; ${there}`)
  }
  const module: { default: PlugIns[K] } = await import(new URL(`./${kind}/${name}.js`, import.meta.url).href)
  return module.default
}

/** What it takes to look at a user's file is loaded for one alone: every worker finds its target here. */
async function own<K extends Kind>(kind: K, file: string): Promise<PlugIns[K]> {
  const { ownPlugIn } = await import('./own-plug-in.js')
  const plugIn = await ownPlugIn(kind, file)
  if (kind !== 'scenarios') return plugIn
  const { ownScenario } = await import('./own-scenario.js')
  return ownScenario(plugIn as Scenario, file) as PlugIns[K]
}
