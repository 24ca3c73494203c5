const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand between tags and in quoted attributes: functions are called `<anonymous>`, files may be anything. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}

/** Data as it may stand in a script element, whose end tag it must not hold. */
export function jsonInElement(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}

/** A script element ends at its end tag, wherever that stands; and a map of the source would be asked for. */
export function scriptInElement(script: string): string {
  return script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}

/** Markup, which is put into other markup as it is. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand between the parts of `html`; of what is absent nothing is left. */
export type Content = Html | string | number | undefined | readonly Content[]

/** Markup from a template, in which all that isn't markup itself is escaped: to forget it somewhere can't happen. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.reduce((text, part, index) => text + textOf(contents[index - 1]) + part))
}

function textOf(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'object') return content.map(textOf).join('\n')
  return escaped(String(content))
}
