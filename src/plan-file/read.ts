import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { EngineError } from '../engine.js'
import { defaultExportOf } from '../load-module.js'
import { moduleEndings, shownName } from '../plug-in-path.js'

const textEndings: readonly string[] = ['.yaml', '.yml', '.json']

/** What a file holds, before anybody has looked at it. */
export interface PlanFileContent {
  /** Absolute. */
  readonly file: string
  readonly content: unknown
  /** The file, and where it can be told the line and column of a field: `busbar.yaml:12:7`. */
  placeOf(path: readonly PropertyKey[]): string
}

/** Whether an argument is a file and not the name of a scenario. */
export function isPlanFile(argument: string): boolean {
  return [...textEndings, ...moduleEndings].includes(extname(argument)) || /[\\/]/.test(argument)
}

/** Rejects with an `EngineError` (`ERR_PLAN_FILE`) that names the file and, of its text, line and column. */
export async function readPlanFile(path: string): Promise<PlanFileContent> {
  const file = resolve(path)
  const shown = shownName(file)
  const ending = extname(file)
  if (moduleEndings.includes(ending)) {
    return { file, content: await orRefused(shown, () => defaultExportOf(file)), placeOf: () => shown }
  }
  if (!textEndings.includes(ending)) {
    const allowed = [...textEndings, ...moduleEndings].join(', ')
    throw new EngineError('ERR_PLAN_FILE', `${shown}: a plan file ends in one of ${allowed}`)
  }
  const text = await orRefused(shown, () => readFile(file, 'utf8'))
  if (ending === '.json') refuseBadJson(text, shown)
  return { file, ...(await yamlContent(text, shown)) }
}

/** JSON is YAML too, so the places of its fields are told in the same way; but what is said to be JSON has to be. */
function refuseBadJson(text: string, shown: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = /at position (\d+)/.exec(message)?.[1]
    const lines = text.slice(0, position === undefined ? text.length : Number(position)).split('\n')
    throw new EngineError('ERR_PLAN_FILE', `${shown}:${lines.length}:${(lines.at(-1) ?? '').length + 1}: ${message}`)
  }
}

async function yamlContent(text: string, shown: string): Promise<Omit<PlanFileContent, 'file'>> {
  const { isNode, LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true })
  const placeAt = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return `${shown}:${line}:${col}`
  }
  // A tag that nobody knows is a warning to the parser: the text that it stands before would be read as if it weren't there.
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) throw new EngineError('ERR_PLAN_FILE', `${placeAt(fault.pos[0])}: ${fault.message}`)
  return {
    content: await orRefused(shown, () => document.toJS()),
    placeOf(path) {
      // What is missing has no place of its own; what it is missing from has one.
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return placeAt(node.range[0])
      }
      return shown
    },
  }
}

async function orRefused<T>(shown: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EngineError('ERR_PLAN_FILE', `${shown} can't be read: ${reason}`, { cause: error })
  }
}
