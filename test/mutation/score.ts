import type { Mutant } from './mutants.js'

/** What became of one mutant. */
export interface Judged {
  readonly mutant: Mutant
  /** Whether it is among those that are said to change nothing that can be seen. */
  readonly argued: boolean
  /** Whether any part of any suite runs what was changed. */
  readonly isRun: boolean
  /** What found it; absent: nothing did. */
  readonly killedBy?: { readonly suite: string; readonly what: string }
}

/** Nine letters. */
export function marks({ killedBy, argued, isRun }: Judged): string {
  if (killedBy) return 'killed  '
  return argued ? 'argued  ' : isRun ? 'SURVIVED' : 'NOT RUN '
}

/** The score, in all, by suite and by rule. What is argued to change nothing is no part of it. */
export function scoreText(judged: readonly Judged[]): string {
  const killed = judged.filter(({ killedBy }) => killedBy)
  const argued = judged.filter((one) => !one.killedBy && one.argued)
  const rest = judged.length - argued.length
  const survivors = rest - killed.length
  const unseen = judged.filter((one) => !one.killedBy && !one.argued && !one.isRun).length
  const share = ((100 * killed.length) / Math.max(1, rest)).toFixed(1)
  const lines = [
    '',
    `mutation score ${share} %: ${killed.length} of ${rest} mutants killed, ${argued.length} more argued equivalent, ${survivors} survived, of which ${unseen} are in code that nothing runs`,
  ]
  for (const suite of new Set(killed.map(({ killedBy }) => killedBy?.suite))) {
    lines.push(`  by ${suite}: ${killed.filter(({ killedBy }) => killedBy?.suite === suite).length}`)
  }
  for (const rule of new Set(judged.map(({ mutant }) => mutant.rule))) {
    const own = judged.filter(({ mutant }) => mutant.rule === rule)
    lines.push(`  ${rule}: ${own.filter(({ killedBy }) => killedBy).length} of ${own.length}`)
  }
  return `${lines.join('\n')}\n`
}
