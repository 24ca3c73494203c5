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
