import type { ErrorRecord, Evidence, WorkerEvidence } from '../../evidence.js'
import { circumstances } from '../circumstances.js'
import { number, plural, span } from '../figures.js'
import type { Column } from '../grid.js'
import { type Html, html } from './markup.js'
import { pageTable, pairList } from './tables.js'

/** The JSON report has all of them. */
const workersMax = 128
const errorsMax = 20

const workerColumns: readonly Column<WorkerEvidence>[] = [
  { header: 'worker', cell: ({ worker }) => `#${worker}`, align: 'left' },
  { header: 'end', cell: ({ end }) => end, align: 'left' },
  { header: 'started', cell: ({ started }) => number(started) },
  { header: 'ok', cell: ({ outcomes }) => number(outcomes.success) },
  { header: 'errors', cell: ({ outcomes }) => number(outcomes.error) },
  { header: 'refused', cell: ({ outcomes }) => number(outcomes.refused) },
  { header: 'stale', cell: ({ outcomes }) => number(outcomes.stale) },
  { header: 'lost', cell: ({ lost }) => number(lost) },
  { header: 'first refused', cell: ({ firstRefusalAtMs: at }) => (at === undefined ? '' : `at ${span(at)}`) },
]

/** What each thread did, and what was held and reached beside it. */
export function resources(evidence: Evidence): Html {
  const { workers } = evidence
  const left = workers.length - workersMax
  // These have places of their own in the page.
  const elsewhere = ['profiles', 'notes', 'errors']
  return html`${pairList(circumstances(evidence).filter(([label]) => !elsewhere.includes(label)))}
${pageTable('what each worker counted', workerColumns, workers.slice(0, workersMax))}
${left > 0 ? html`<p class="dim">And ${plural(left, 'more worker')}.</p>` : undefined}`
}

/** The last errors, those that are the same together, with the stack of the first. */
export function errorList(records: readonly ErrorRecord[]): Html | undefined {
  if (records.length === 0) return undefined
  const kinds = new Map<string, { readonly first: ErrorRecord; count: number }>()
  for (const record of records) {
    const key = `${record.code ?? record.name}: ${record.message}`
    const kind = kinds.get(key)
    if (kind) kind.count += 1
    else kinds.set(key, { first: record, count: 1 })
  }
  const shown = [...kinds].sort(([, one], [, other]) => other.count - one.count).slice(0, errorsMax)
  const left = kinds.size - shown.length
  return html`<p class="dim">Of the last ${number(records.length)} errors:</p>
<ul class="errors">
${shown.map(([text, { first, count }]) => {
  const stack = first.stack ? html`<details><summary>stack</summary><pre>${first.stack}</pre></details>` : undefined
  return html`<li>${number(count)} × ${text}${stack}</li>`
})}
${left > 0 ? html`<li>… ${plural(left, 'more kind')}</li>` : undefined}
</ul>`
}
