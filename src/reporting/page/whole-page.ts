import { escaped } from './markup.js'

/** Nothing may be asked for, whatever the page holds. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

export interface Page {
  /** Text, not HTML. */
  readonly title: string
  readonly body: string
  readonly styles: readonly string[]
  /** Run in their order, after the body. */
  readonly scripts: readonly string[]
}

/** A page in itself: it opens from a file, without a network. */
export function wholePage({ title, body, styles, scripts }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
${styles.map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
${body}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}
