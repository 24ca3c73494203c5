import type { ProgressView } from './progress.js'
import { progressLines } from './progress-lines.js'
import { progressQuiet } from './progress-quiet.js'
import { progressTerminal } from './progress-terminal.js'

export interface ViewOptions {
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** A list that redraws itself for a person who watches; plain lines for logs, and for whoever asks for no decoration. */
export function progressView(
  stream: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
  { quiet, verbose }: ViewOptions = {},
): ProgressView {
  if (quiet) return progressQuiet
  const plain = !stream.isTTY || environment.CI || environment.NO_COLOR || environment.TERM === 'dumb'
  return plain ? progressLines(stream, verbose) : progressTerminal(stream, verbose)
}
