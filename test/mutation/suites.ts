import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { raceNames } from '../../src/race/plug-ins.js'

const project = fileURLToPath(new URL('../../../', import.meta.url))
const dist = join(project, 'dist')
const judgeFile = fileURLToPath(new URL('./judge-mutant.js', import.meta.url))
/** Not `bin/mocha.js`, which runs this in a process of its own: that one would go on for ever where a mutant does. */
const mocha = join(project, 'node_modules/mocha/lib/cli/cli.js')
const tested = ['test/breaker', 'test/memory', 'test/budget', 'test/field-reports']

/** What a mutant is shown to: parts with names, of which only those are run that run what was changed. */
export interface Suite {
  readonly name: string
  readonly parts: readonly string[]
  /** Where a part is written, in a copy of the project. */
  fileOf(part: string): string
  /** How long the parts together may take over one mutant. */
  readonly limitMs: number
  /** Of the process that runs these parts on the copy of the project that is its working folder. */
  arguments(parts: readonly string[], changed: string): string[]
}

/** The explored programs, and on what explored code does not use, the litmus tests on real threads. */
export async function raceSuite(): Promise<Suite> {
  return {
    name: 'race',
    parts: await raceNames('programs'),
    fileOf: (part) => `src/race/programs/${part}.js`,
    limitMs: 600_000,
    arguments: (parts, changed) => [judgeFile, parts.join(), changed.startsWith('src/memory/') ? 'threads' : ''],
  }
}

/** The quick unit tests of what is changed, a part each file. */
export function testSuite(): Suite {
  return {
    name: 'tests',
    parts: tested.flatMap((folder) =>
      readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.js'))
        .map((file) => `${folder}/${file}`),
    ),
    fileOf: (part) => part,
    limitMs: 400_000,
    arguments: (parts) => [
      mocha,
      '--bail',
      '--exit',
      '--timeout',
      '100000',
      '--grep',
      '@stress|@slow',
      '--invert',
      ...parts,
    ],
  }
}

/** A copy of what was compiled, for a change must not be seen by anybody else. */
export function copyOfDist(): string {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-mutant-'))
  for (const part of ['src', 'workers', 'test']) cpSync(join(dist, part), join(folder, part), { recursive: true })
  for (const file of ['.mocharc.json', 'package.json']) cpSync(join(project, file), join(folder, file))
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  // The tests of documents look for them beside the copy.
  for (const folderOfDocuments of ['docs', 'examples']) {
    symlinkSync(join(project, folderOfDocuments), join(folder, folderOfDocuments))
  }
  writeFileSync(join(folder, 'ARCHITECTURE.md'), '')
  return folder
}

/** Runs parts of a suite on a copy; what it says that was found, or undefined. A crash, and not to end, is a find as well. */
export function runOn(
  folder: string,
  suite: Suite,
  parts: readonly string[],
  changed: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, suite.arguments(parts, changed), {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: suite.limitMs,
      killSignal: 'SIGKILL',
    })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(findIn(said) || (signal ? `did not end in ${suite.limitMs} ms` : 'an error'))
    })
  })
}

/** Of mocha's output the name of the first test that failed; all of the explorer's. */
function findIn(said: string): string {
  const failed = /^ {2}1\) ([\s\S]*?):\n\n/m.exec(said)?.[1]
  return (failed ?? said).replaceAll(/\s+/g, ' ').trim().slice(0, 200)
}
