import type { VerdictResult } from '../../checker.js'
import type { Operation } from '../../history/history.js'
import { number, plural, span } from '../../reporting/figures.js'
import { textTable } from '../../reporting/grid.js'
import { type Paint, verdictSign, verdictWord } from '../../reporting/paint.js'
import type { Explored } from '../exploring.js'
import type { Grade } from '../litmus.js'
import { failurePage, replayCommand } from './failure-page.js'
import { type LitmusResult, type RaceReport, scoreOf, type ThreadsResult } from './race-report.js'

/** The report for a person: how good the checkers are, then what they found, each failure with the way to see it again. */
export function raceText(report: RaceReport, paint: Paint, width: number): string {
  const cut = report.interrupted ? paint('yellow', '  interrupted: what ran is reported') : ''
  const parts = [
    `${verdictWord(report.result, paint)}  ${paint('bold', `race, ${report.effort}`)}  ${span(report.elapsedMs)}${cut}`,
    detectionText(report, paint, width),
    section(
      'the shipped breaker, every interleaving',
      report.explored.map((one) => exploredRow(one, paint)),
      width,
    ),
    section(
      'litmus tests on real threads',
      report.litmus.map((one) => litmusRow(one, paint)),
      width,
    ),
    section(
      'real threads on what was explored',
      report.threads.map((one) => threadsRow(one, paint)),
      width,
    ),
    section('real threads in traffic', scenarioRows(report, paint), width),
    ...failures(report),
    section(
      'not carried out',
      report.failed.map(({ what, why }) => ['', what, why]),
      width,
    ),
    `  ${paint('dim', 'again')}     ${report.command}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function detectionText({ detections }: RaceReport, paint: Paint, width: number): string {
  if (detections.length === 0) return ''
  const { targets, asked, caught, falseAlarms } = scoreOf(detections)
  const result: VerdictResult = caught === asked && falseAlarms === 0 ? 'valid' : 'invalid'
  const share = Math.floor((caught / asked) * 100)
  const executions = detections.reduce((sum, one) => sum + one.mendedExecutions, 0)
  const line = `detection score ${share} %: ${caught} of ${asked} checks caught their mistake, in ${plural(targets, 'broken target')}; false alarms ${falseAlarms}, in ${plural(executions, 'execution')} of the mended ones`
  const rows = detections
    .filter(({ complaint }) => complaint)
    .map(({ target, checker, complaint }) => [
      verdictSign('invalid', paint),
      `broken/${target}`,
      `${checker}: ${complaint}`,
    ])
  return [textTable([[verdictSign(result, paint), line]], [1], width), textTable(rows, [1, 34], width)]
    .filter((text) => text !== '')
    .join('\n')
}

function exploredRow({ program, index, case: name, exploration, givenUp }: Explored, paint: Paint): string[] {
  const { verdict, traces, sleepBlocked, states, exhausted, interleavings, elapsedMs, preemptions } = exploration
  const scope = exhausted
    ? 'all'
    : preemptions !== undefined
      ? `all with up to ${plural(preemptions, 'preemption')}`
      : 'not all'
  const figures = [
    `${scope}: ${plural(traces, 'execution')}`,
    ...(sleepBlocked > 0 ? [`${number(sleepBlocked)} cut short`] : []),
    ...(states > 0 ? [plural(states, 'state')] : []),
    ...(interleavings !== undefined ? [`${interleavings.toLocaleString('en-US')} interleavings`] : []),
    span(elapsedMs),
    ...(givenUp
      ? [`given up: all of them, after ${plural(givenUp.traces, 'execution')} and ${span(givenUp.elapsedMs)}`]
      : []),
  ]
  return [verdictSign(verdict, paint), `${program}/${index}`, `${name} · ${figures.join(' · ')}`]
}

function litmusRow({ litmus, result, iterations, outcomes, histories }: LitmusResult, paint: Paint): string[] {
  const seen = grades.map((grade) => {
    const counts = outcomes.filter((one) => one.grade === grade && one.count > 0)
    return `${plural(counts.length, `${grade} outcome`)} × ${number(counts.reduce((sum, { count }) => sum + count, 0))}`
  })
  const wrong = outcomes.filter(({ grade }) => grade === 'forbidden').map(({ outcome }) => outcome)
  const judged = histories > 0 ? ` · ${number(histories)} histories linearizable` : ''
  return [
    verdictSign(result, paint),
    litmus,
    `${plural(iterations, 'iteration')}${judged} · ${[...seen, ...wrong].join(' · ')}`,
  ]
}

function threadsRow(result: ThreadsResult, paint: Paint): string[] {
  const { program, index, case: name, iterations, seen, possible, impossible, histories } = result
  const judged = histories > 0 ? `, ${number(histories)} histories judged` : ''
  const wrong = impossible.length > 0 ? ` · not possible: ${impossible.slice(0, 3).join(' · ')}` : ', no other'
  const figures = `${plural(iterations, 'iteration')}, ${number(seen)} of ${number(possible)} outcomes seen${wrong}${judged}`
  return [verdictSign(result.result, paint), `${program}/${index}`, `${name} · ${figures}`]
}

function scenarioRows({ scenarios }: RaceReport, paint: Paint): string[][] {
  return scenarios.flatMap(({ evidence, verdicts }) =>
    verdicts.map(({ checker, result, summary }) => [
      verdictSign(result, paint),
      `${evidence.plan.scenario}`,
      `${checker}: ${summary}`,
    ]),
  )
}

function failures({ explored, litmus, threads }: RaceReport): string[] {
  const found = explored.flatMap(({ program, index, case: name, exploration: { failure } }) => {
    if (!failure) return []
    const target = `programs/${program}/${index}`
    return [failurePage(`${target} (${name})`, failure, replayCommand(target, failure))]
  })
  const histories = [
    ...litmus.map((one) => ({ target: `litmus/${one.litmus}`, history: one.notLinearizable })),
    ...threads.map((one) => ({ target: `programs/${one.program}/${one.index}`, history: one.notLinearizable })),
  ].flatMap(({ target, history }) =>
    history ? [`${target}: this history of real threads is not linearizable:\n${historyText(history)}`] : [],
  )
  return [...found, ...histories]
}

function historyText(history: readonly Operation[]): string {
  return history
    .toSorted((one, other) => one.called - other.called)
    .map(({ thread, action, result, called, returned }) => {
      return `  thread ${thread}  ${JSON.stringify(action)} → ${JSON.stringify(result)}  from ${called} to ${returned ?? '…'}`
    })
    .join('\n')
}

const grades: readonly Grade[] = ['acceptable', 'interesting', 'forbidden']

function section(title: string, rows: readonly (readonly string[])[], width: number): string {
  return rows.length === 0 ? '' : `${title}\n${textTable(rows, [1, 30], width)}`
}
