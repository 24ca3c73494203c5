import { stripVTControlCharacters } from 'node:util'
import type { Element } from 'xast'
import { toXml } from 'xast-util-to-xml'
import { x } from 'xastscript'
import type { Verdict } from '../checker.js'
import { planTitle } from '../plan-title.js'
import { shownName } from '../plug-in-path.js'
import { type Report, worst } from '../report.js'
import type { Reporter } from '../reporter.js'

/** A test that says at most so much of what it found; the JSON report has all of it. */
const findingsMax = 200

/**
 * A suite for each report, a case for each verdict: `invalid` is a failure, `unknown` an error, and what had nothing to ask is
 * skipped. Checkers take no time of their own, so the time is the suite's.
 */
const reporter: Reporter = {
  name: 'junit',
  description: 'JUnit XML for a CI server: a suite a run, a case a verdict.',
  extension: 'xml',

  render(reports) {
    const suites = reports.map(suite)
    const attributes = { name: 'busbar', ...sums(suites), time: seconds(reports.map(durationOf)) }
    const root = x('testsuites', attributes, suites)
    return `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(root, { closeEmptyElements: true, tightClose: true })}\n`
  },
}

function suite(report: Report, index: number): Element {
  const { evidence, verdicts, skipped } = report
  const { scenario, target } = evidence.plan
  const classname = cleaned(`busbar.${shownName(scenario)}.${shownName(target)}`)
  const testcase = (name: string, children: Element[]) =>
    x('testcase', { name: cleaned(name), classname, time: '0' }, children)
  const cases = [
    ...verdicts.map((verdict) => testcase(verdict.checker, outcome(verdict))),
    ...skipped.map(({ checker, reason }) => testcase(checker, [x('skipped', { message: cleaned(reason) })])),
    ...unexplained(report).map((verdict) => testcase(verdict.checker, outcome(verdict))),
  ]
  return x(
    'testsuite',
    {
      name: cleaned(planTitle(evidence.plan)),
      id: String(index),
      ...sumsOf(cases),
      time: seconds([durationOf(report)]),
      // The schema has no time zone; it is UTC.
      timestamp: evidence.startedAt.slice(0, 19),
    },
    [x('properties', properties(report)), ...cases],
  )
}

/** What makes the whole worse than each of its verdicts: without a case of its own it would look as if all were well. */
function unexplained({ result, verdicts, evidence }: Report): Verdict[] {
  const results = verdicts.map((verdict) => verdict.result)
  if (results.length > 0 && worst(results) === result) return []
  const summary = evidence.interrupted ? 'the run was stopped before its plan was done' : 'nothing could be asked of it'
  return [{ checker: 'run', question: 'Did the run give an answer?', result, summary }]
}

function outcome({ result, question, summary, details = [] }: Verdict): Element[] {
  if (result === 'valid') return []
  const more = details.length - findingsMax
  const lines = [question, summary, ...details.slice(0, findingsMax), ...(more > 0 ? [`… ${more} more findings`] : [])]
  const element = x(result === 'invalid' ? 'failure' : 'error', { message: cleaned(summary), type: result })
  element.children.push({ type: 'cdata', value: cleaned(lines.join('\n')) })
  return [element]
}

function properties({ evidence, command, result }: Report): Element[] {
  const { plan, environment, durationMs, interrupted } = evidence
  const values = { result, command, seed: plan.seed, workers: plan.workers, durationMs, interrupted, ...environment }
  return Object.entries(values).map(([name, value]) => x('property', { name, value: cleaned(String(value)) }))
}

interface Sums {
  readonly tests: string
  readonly failures: string
  readonly errors: string
  readonly skipped: string
}

function sumsOf(cases: readonly Element[]): Sums {
  const having = (name: string) => {
    return cases.filter(({ children }) => children.some((child) => child.type === 'element' && child.name === name))
  }
  return {
    tests: String(cases.length),
    failures: String(having('failure').length),
    errors: String(having('error').length),
    skipped: String(having('skipped').length),
  }
}

function sums(suites: readonly Element[]): Sums {
  const sum = (name: keyof Sums) => String(suites.reduce((all, { attributes }) => all + Number(attributes[name]), 0))
  return { tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), skipped: sum('skipped') }
}

function durationOf({ evidence }: Report): number {
  return evidence.durationMs
}

function seconds(durationsMs: readonly number[]): string {
  return (durationsMs.reduce((sum, durationMs) => sum + durationMs, 0) / 1000).toFixed(3)
}

/** XML has no way to write these characters; colours of a terminal go with the whole of their sequence. */
function cleaned(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff\p{Surrogate}]/gu
  return stripVTControlCharacters(text).replace(unwritable, ' ')
}

export default reporter
