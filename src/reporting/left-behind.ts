import type { LeftBehind, ProcessEvidence } from '../exhaustion.js'
import { plural } from './figures.js'

/** What is wrong with what a case left behind, and what is explained. `lost`: calls that dead workers had in flight. */
export function leftFindings(
  left: LeftBehind | undefined,
  process: ProcessEvidence | undefined,
  slotsHeld: number,
  lost: number,
): { readonly wrong: string[]; readonly said: string[] } {
  const wrong: string[] = []
  const said: string[] = []
  for (const [what, count] of [['file', left?.files ?? 0] as const, ...resources(left)]) {
    // A thread that dies in the middle of a call can't take its file away, nor close what the system has just opened for it.
    const ofDead = what === 'file' || what === 'descriptor' ? Math.min(count, lost) : 0
    if (ofDead > 0) said.push(`${plural(ofDead, what)} of calls that died with their workers`)
    if (count > ofDead) wrong.push(`left behind: ${plural(count - ofDead, what)}`)
  }
  if (slotsHeld > 0) wrong.push(`left behind: ${plural(slotsHeld, 'slot')} of the breaker`)
  if (process && !process.endedByItself) wrong.push('its process had to be killed after its report')
  return { wrong, said }
}

function resources(left: LeftBehind | undefined): readonly (readonly [what: string, count: number])[] {
  const { descriptors = 0, threads = 0, handles = {} } = left ?? {}
  const all = [['descriptor', descriptors], ['thread', threads], ...Object.entries(handles)] as const
  return all.filter(([, count]) => count > 0)
}

/** `nothing`, or what it is. */
export function leftText(left: LeftBehind | undefined): string {
  if (!left) return ''
  const all = [...(left.files > 0 ? [['file', left.files] as const] : []), ...resources(left)]
  return all.map(([what, count]) => plural(count, what)).join(', ') || 'nothing'
}
