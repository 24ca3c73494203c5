import type { Report } from './report.js'
import type { SuiteMark } from './suite.js'

/** Turns a report into text. One file in `reporters/`, default export; its file name is its name. */
export interface Reporter {
  readonly name: string
  readonly description: string
  /** Extension of the file that `--report <name>=<folder or file>` writes. */
  readonly extension: string
  render(reports: readonly Report[], options: RenderOptions): string
}

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** Of valid runs the verdict alone. */
  readonly brief?: boolean
  /** Where a suite was run as a whole: its marks beside what was reached. */
  readonly suite?: readonly SuiteMark[]
  /** Where the text goes; absent where it is printed. Links are relative to its folder. */
  readonly file?: string
  /** Where the other reports of the same runs go, by the names of their reporters; and their history and baselines, by what they are. */
  readonly otherFiles?: Readonly<Record<string, string>>
}
