const own = new URL('.', import.meta.url).href

/** A stack without the explorer's own frames: what is left is the code that was explored. */
export function withoutOwnFrames(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => !line.includes(own) && !line.includes('busbar-watchdog') && !line.includes('(node:'))
    .join('\n')
}
