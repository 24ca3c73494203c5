import type { ProfileAnalysis } from '../../profiler/analysis/analysis.js'
import { escaped } from '../page/markup.js'
import { wholePage } from '../page/whole-page.js'
import { flameSection } from './flame-section.js'
import { pageStyle } from './flame-style.js'

/** A whole page of flame graphs, in itself: it opens from a file, without a network. `title` is text, not HTML. */
export function flamePage(analyses: readonly ProfileAnalysis[], title: string): string {
  const { html, scripts, styles } = flameSection(analyses)
  return wholePage({ title, body: `<h1>${escaped(title)}</h1>\n${html}`, styles: [pageStyle, ...styles], scripts })
}
