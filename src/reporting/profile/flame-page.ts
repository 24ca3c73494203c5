import type { ProfileAnalysis } from '../../profiler/analysis/analysis.js'
import { flameSection } from './flame-section.js'
import { pageStyle } from './flame-style.js'
import { escaped } from './markup.js'

/** Nothing may be asked for, whatever the page holds. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

/** A whole page of flame graphs, in itself: it opens from a file, without a network. `title` is text, not HTML. */
export function flamePage(analyses: readonly ProfileAnalysis[], title: string): string {
  const { html, scripts, styles } = flameSection(analyses)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
${[pageStyle, ...styles].map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
<h1>${escaped(title)}</h1>
${html}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}
