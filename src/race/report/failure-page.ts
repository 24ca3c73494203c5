import type { Failure, FailureKind } from '../../explore/judging/failure.js'

const isAboutCode: ReadonlySet<FailureKind> = new Set(['threw', 'endless', 'not-deterministic'])

/** A failure as a page for a person: what is wrong, how it comes about, step by step, and how to see it again. */
export function failurePage(title: string, failure: Failure, command: string): string {
  const { kind, reason, preemptions, schedule, table, stack, drawn } = failure
  const lines = [`${title}: ${reason}`, '']
  if (table !== '') {
    const fewest = preemptions === 1 ? 'one switch away' : `${preemptions} switches away`
    lines.push(`${fewest} from a thread that could have gone on:`, '', indented(table), '')
  }
  // The stack of a check leads to the check.
  const own = isAboutCode.has(kind) ? stack?.split('\n').slice(1).join('\n') : undefined
  if (own) lines.push('where:', own, '')
  if (schedule !== '' && !drawn) lines.push(`schedule  ${schedule}`)
  lines.push(`again     ${command}`)
  return lines.join('\n')
}

export function replayCommand(target: string, { schedule, drawn }: Failure): string {
  if (drawn) return `npx busbar replay ${target} --strategy ${drawn.strategy} --seed ${drawn.seed}`
  return `npx busbar replay ${target} '${schedule}'`
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
