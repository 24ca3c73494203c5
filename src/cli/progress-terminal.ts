import { Listr, ListrLogger, ProcessOutput } from 'listr2'
import type { Progress } from '../engine.js'
import { type ProgressView, progressText } from './progress.js'

const msBetweenUpdates = 250

/** For a person at a terminal: one entry a run, under it a line about four times a second. */
export function progressTerminal(stream: NodeJS.WriteStream, isVerbose = false): ProgressView {
  return async (runs) => {
    const tasks = runs.map(({ title, carryOut }) => ({
      title,
      task: async (_: unknown, task: { title: string | undefined; output: string | undefined }) => {
        let nextMs = 0
        let latest = ''
        // What takes long stays to be read, under the figures.
        let noted = ''
        const show = () => {
          task.output = [latest, noted].filter((line) => line !== '').join('\n')
        }
        const onProgress = (progress: Progress) => {
          if (progress.elapsedMs < nextMs) return
          nextMs = progress.elapsedMs + msBetweenUpdates
          latest = progressText(progress, isVerbose)
          show()
        }
        const { result, summary } = await carryOut(onProgress, (note) => {
          noted = note
          show()
        })
        task.title = `${title}: ${result}, ${summary}`
        // The list knows done and failed only; what isn't valid must not get its check mark.
        if (result !== 'valid') throw new Error(result)
      },
    }))
    const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream) })
    const list = new Listr(tasks, {
      concurrent: false,
      exitOnError: false,
      // Ctrl-C is ours: the list would end the process before the report is written.
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: { logger, collapseErrors: false, showErrorMessage: false },
    })
    await list.run()
  }
}
