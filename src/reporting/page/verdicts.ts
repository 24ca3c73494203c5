import type { Verdict, VerdictResult } from '../../checker.js'
import type { Report } from '../../report.js'
import { number, plural } from '../figures.js'
import { type Html, html } from './markup.js'

/** The JSON report has all of them. */
const findingsMax = 100
const signs: Readonly<Record<VerdictResult, string>> = { valid: '✓', invalid: '✗', unknown: '?' }

export function verdictSign(result: VerdictResult): string {
  return signs[result]
}

/** Where a run, and a verdict in it, is in the page. */
export function runId(index: number): string {
  return `run-${index + 1}`
}

function verdictId(index: number, checker: string): string {
  return `${runId(index)}-${checker.replaceAll(/[^\w-]/g, '-')}`
}

export function verdictMark(result: VerdictResult): Html {
  return html`<span class="mark is-${result}">${signs[result]} ${result}</span>`
}

/** What was contradicted comes before what could not be answered; undefined where all is well. */
export function firstFailure(reports: readonly Report[]): { readonly id: string; readonly text: string } | undefined {
  for (const wanted of ['invalid', 'unknown'] as const) {
    for (const [index, { verdicts, result, evidence }] of reports.entries()) {
      const verdict = verdicts.find((one) => one.result === wanted)
      const { scenario, target } = evidence.plan
      if (verdict)
        return { id: verdictId(index, verdict.checker), text: `${verdict.checker}, ${scenario} on ${target}` }
      // A run that was cut short, or of which nothing could be asked, has no verdict that says so.
      if (result === wanted) return { id: runId(index), text: `${scenario} on ${target}` }
    }
  }
  return undefined
}

export function verdictList({ verdicts, skipped }: Report, index: number): Html {
  return html`<ul class="verdicts">
${verdicts.map((verdict) => verdictItem(verdict, verdictId(index, verdict.checker)))}
${skipped.map(({ checker, reason }) => html`<li><b>– ${checker}</b><p>Not asked: ${reason}</p></li>`)}
</ul>`
}

function verdictItem({ checker, question, result, summary, details = [] }: Verdict, id: string): Html {
  const more = details.length - findingsMax
  const findings = html`<ul class="findings">
${details.slice(0, findingsMax).map((detail) => html`<li>${detail}</li>`)}
${more > 0 ? html`<li>… ${number(more)} more, all in the JSON report</li>` : undefined}
</ul>`
  const shown =
    details.length === 0
      ? undefined
      : html`<details${result === 'valid' ? undefined : html` open`}><summary>${plural(details.length, 'finding')}</summary>${findings}</details>`
  return html`<li id="${id}" class="is-${result}"><b>${signs[result]} ${checker}</b> <span class="dim">${question}</span><p>${summary}</p>${shown}</li>`
}
