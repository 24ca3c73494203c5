import { dirname, relative, sep } from 'node:path'
import { type Html, html } from './markup.js'

/** The JSON report has all of them. */
const linksMax = 200

/** Links to files, from a page that lies at `page`; of one that is printed, from the folder in which the command was given. */
export function fileLinks(files: readonly string[], page: string | undefined): Html {
  const left = files.length - linksMax
  return html`<ul class="files">
${files.slice(0, linksMax).map((file) => html`<li><a href="${address(file, page)}">${file}</a></li>`)}
${left > 0 ? html`<li>… ${left} more</li>` : undefined}
</ul>`
}

/** Relative, so that a folder can be moved as a whole; `./` keeps a colon in a name from being read as a scheme. */
function address(file: string, page: string | undefined): string {
  const path = page === undefined ? file : relative(dirname(page), file)
  return `./${path.split(sep).map(encodeURIComponent).join('/')}`
}
