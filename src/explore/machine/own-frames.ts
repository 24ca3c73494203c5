import { fileURLToPath } from 'node:url'

/** The explorer's folder as stacks name it: as it is compiled, and, under `--enable-source-maps`, as it was written. */
const compiled = new URL('..', import.meta.url)
const written = new URL('../../../src/explore/', compiled)
const own = [compiled, written].flatMap((folder) => [folder.href, fileURLToPath(folder)])

/** Of a stack, the part that is of the code that was explored: not the explorer's own frames, nor those of whoever called it. */
export function withoutOwnFrames(stack: string | undefined): string | undefined {
  const [message, ...frames] = stack?.split('\n') ?? []
  const isOwn = (line: string) => own.some((folder) => line.includes(folder))
  const begin = frames.findIndex((line) => line.trimStart().startsWith('at ') && !isOwn(line))
  const head = frames.slice(0, Math.max(0, begin)).filter((line) => !isOwn(line))
  const rest = begin < 0 ? [] : frames.slice(begin)
  const end = rest.findIndex(isOwn)
  return stack && [message, ...head, ...(end < 0 ? rest : rest.slice(0, end))].join('\n')
}
