import { ExploreError } from '../explore/errors.js'
import type { ExploreOptions } from '../explore/options.js'
import { findRace, type RaceKind, raceKinds } from './plug-ins.js'
import { type CheckerName, checkers, together } from './question.js'

/** What can be raced, ready for `explore`. */
// biome-ignore lint/suspicious/noExplicitAny: what a thread keeps for itself is the program's own affair.
export type Raced = ExploreOptions<any> & { readonly repeats?: number }

/**
 * What a text names: `broken/lost-update/linearizability` (one of its checkers), `mended/…` (the same without the mistake),
 * `programs/half-open-race/2` (one of its cases, from 0) or `litmus/store-buffering`. Rejects with an `ExploreError` that says what
 * is allowed.
 */
export async function racedBy(text: string): Promise<Raced> {
  const [kind = '', name = '', which = ''] = text.split('/')
  if (kind === 'broken' || kind === 'mended') {
    const target = await findRace('broken', name)
    const checker = which === '' ? Object.keys(target.caughtBy)[0] : which
    const question = target.caughtBy[checker as CheckerName]
    if (!question || !checker || !(checker in checkers)) {
      throw wrong(`${kind}/${name}/${which}`, Object.keys(target.caughtBy))
    }
    return { ...target[kind], ...question }
  }
  if (kind === 'programs') {
    const cases = (await findRace('programs', name)).cases()
    const one = cases[Number(which || '0')]
    if (!one) throw wrong(text, [`0 to ${cases.length - 1}`])
    return { ...one.program, ...one.how, ...together(one.questions) }
  }
  if (kind === 'litmus') {
    const { program, specification, repeats = 1 } = await findRace('litmus', name)
    return { ...program, repeats, ...(specification ? { specification } : {}) }
  }
  throw wrong(kind, [...raceKinds, 'mended' as RaceKind])
}

function wrong(found: string, allowed: readonly string[]): ExploreError {
  return new ExploreError('ERR_EXPLORE_OPTION', `"${found}" is not known; allowed: ${allowed.join(', ')}`)
}
