import { type ProgressView, progressText } from './progress.js'

const msBetweenLines = 2000

/** For logs: a line as each run begins, then at most one every two seconds, and one at its end. */
export function progressLines(stream: NodeJS.WritableStream, isVerbose = false): ProgressView {
  const write = (line: string) => stream.write(`${line}\n`)
  return async (runs) => {
    for (const { title, carryOut } of runs) {
      let nextMs = 0
      const { result, summary } = await carryOut((progress) => {
        if (progress.elapsedMs < nextMs) return
        nextMs = progress.elapsedMs + msBetweenLines
        write(`${title}: ${progressText(progress, isVerbose)}`)
      }, write)
      write(`${title}: ${result}, ${summary}`)
    }
  }
}
