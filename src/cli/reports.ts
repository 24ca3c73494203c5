import { appendFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { find } from '../catalog.js'
import { EngineError } from '../engine.js'
import type { Report } from '../report.js'
import type { Reporter } from '../reporter.js'
import type { SuiteMark } from '../suite.js'
import { makeFolder } from '../world/folder.js'

/** A reporter and where its text goes; without a file, to standard output. */
export interface Output {
  readonly reporter: Reporter
  readonly file?: string
}

const widthOfFiles = 100

/**
 * Reads `--report name[=path]`. In a folder the file is named after `baseName`; what isn't there yet is a folder if it has no
 * extension (the summary of a workflow's step is a file without one).
 * Folders are made here, before anything runs: to find out after an hour that the report has nowhere to go is too late.
 * The console report is added where no other takes standard output.
 */
export async function outputsOf(specifications: readonly string[], baseName: string): Promise<readonly Output[]> {
  const outputs: Output[] = []
  for (const specification of specifications) {
    // The path of a reporter may have an equals sign in it too.
    const [, name = '', sign = '', path = ''] = /^(.*?\.m?[jt]s(?==|$)|[^=]*)(=?)(.*)$/s.exec(specification) ?? []
    const reporter = await find('reporters', name)
    if (sign !== '' && path === '') {
      throw new EngineError('ERR_OPTION', `--report: "${specification}" names no file; say ${name} or ${name}=path`)
    }
    outputs.push(
      path === '' ? { reporter } : { reporter, file: await fileOf(path, `${baseName}.${reporter.extension}`) },
    )
  }
  const printed = outputs.some((output) => output.file === undefined)
  return printed ? outputs : [{ reporter: await find('reporters', 'console') }, ...outputs]
}

/** What the file of a report is called where only its folder is said: as the one thing that was run. */
export function baseNameOf(scenarios: readonly string[]): string {
  const [scenario = ''] = scenarios
  return scenarios.length === 1 ? basename(scenario, extname(scenario)) : 'busbar'
}

/** What reports are told beside the runs. */
interface ReportSetting {
  readonly brief?: boolean | undefined
  readonly suite?: readonly SuiteMark[] | undefined
  /** What else was written or read, by what it is: linked from reports that have links. */
  readonly beside?: Readonly<Record<string, string | undefined>>
}

/** Every report is tried, whatever becomes of the others. Rejects with an `EngineError` for the first that fails. */
export async function writeReports(
  reports: readonly Report[],
  outputs: readonly Output[],
  stdout: NodeJS.WriteStream,
  { brief = false, suite, beside = {} }: ReportSetting = {},
): Promise<void> {
  const marks = suite ? { suite } : {}
  const failures: string[] = []
  const others = outputs.map(({ reporter, file }) => [reporter.name, file] as const)
  const files = Object.fromEntries(
    [...others, ...Object.entries(beside)].flatMap(([name, file]) => (file ? [[name, file]] : [])),
  )
  for (const { reporter, file } of outputs) {
    if (file === undefined) {
      // A terminal that doesn't know its width says 0.
      const color = stdout.isTTY === true && stdout.hasColors()
      await printed(stdout, reporter.render(reports, { color, width: stdout.columns || widthOfFiles, brief, ...marks }))
    } else {
      const text = reporter.render(reports, { color: false, width: widthOfFiles, file, otherFiles: files, ...marks })
      // A step of a workflow has one summary, to which all its commands add.
      const write = file === process.env.GITHUB_STEP_SUMMARY ? appendFile : writeFile
      await write(file, text).catch((error: Error) => failures.push(`${reporter.name} report: ${error.message}`))
    }
  }
  if (failures.length > 0) throw new EngineError('ERR_REPORT_NOT_WRITTEN', failures.join('; '))
}

async function fileOf(path: string, nameInFolder: string): Promise<string> {
  const there = await stat(path).catch(() => undefined)
  const isFolder = there ? there.isDirectory() : extname(path) === ''
  const file = isFolder ? join(path, nameInFolder) : path
  try {
    await makeFolder(dirname(file))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EngineError('ERR_OPTION', `--report: "${path}" can't be written: ${reason}`)
  }
  return file
}

/** Resolves once the text is out, since the process ends right after; a reader that has gone (`| head`) is no error. */
export function printed(stdout: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stdout.once('error', () => resolve())
    stdout.write(text, () => resolve())
  })
}
