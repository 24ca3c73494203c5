import { ExploreError } from '../explore/errors.js'
import { namesIn } from '../plug-in-folder.js'
import type { BrokenTarget } from './broken-target.js'
import type { Litmus } from './litmus.js'
import type { RacedProgram } from './raced-program.js'

interface Kinds {
  broken: BrokenTarget
  programs: RacedProgram
  litmus: Litmus
}

export type RaceKind = keyof Kinds
export const raceKinds: readonly RaceKind[] = ['broken', 'programs', 'litmus']

export function raceNames(kind: RaceKind): Promise<string[]> {
  return namesIn(new URL(`./${kind}/`, import.meta.url))
}

/** The plug-in of that name. Rejects with an `ExploreError` that tells the known ones. */
export async function findRace<Kind extends RaceKind>(kind: Kind, name: string): Promise<Kinds[Kind]> {
  const known = await raceNames(kind)
  if (!known.includes(name)) {
    throw new ExploreError('ERR_EXPLORE_OPTION', `${kind}/${name} is not known; there are: ${known.join(', ')}`)
  }
  const module: { default: Kinds[Kind] } = await import(new URL(`./${kind}/${name}.js`, import.meta.url).href)
  return module.default
}
