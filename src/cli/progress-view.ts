import type { ProgressView } from './progress.js'
import { progressLines } from './progress-lines.js'
import { progressTerminal } from './progress-terminal.js'

/** A list that redraws itself for a person who watches; plain lines for logs, and for whoever asks for no decoration. */
export function progressView(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): ProgressView {
  const plain = !stream.isTTY || environment.CI || environment.NO_COLOR || environment.TERM === 'dumb'
  return plain ? progressLines(stream) : progressTerminal(stream)
}
