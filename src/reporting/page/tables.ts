import { type DrawTable, filledColumns } from '../grid.js'
import { type Html, html } from './markup.js'

/** Wide tables scroll in a box of their own, which the keyboard reaches too; the page itself never does. */
export const pageTable: DrawTable<Html> = (title, columns, rows) => {
  const shown = filledColumns(columns, rows)
  const side = (align: 'left' | 'right' = 'right') => (align === 'left' ? html` class="start"` : undefined)
  return html`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table>
${title === '' ? undefined : html`<caption>${title}</caption>`}
<thead><tr>${shown.map(({ header, align }) => html`<th scope="col"${side(align)}>${header}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${shown.map(({ cell, align }) => html`<td${side(align)}>${cell(row)}</td>`)}</tr>`)}
</tbody></table></div>`
}

/** Pairs of a label and what it says, which may have several lines. */
export function pairList(pairs: readonly (readonly [label: string, text: string])[]): Html {
  return html`<dl>${pairs.map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>`
}
