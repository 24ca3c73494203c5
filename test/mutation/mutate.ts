import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { raceNames } from '../../src/race/plug-ins.js'
import { Coverage } from './coverage.js'
import { equivalent } from './equivalent.js'
import { type Mutant, mutantsOf, oneLine } from './mutants.js'

/**
 * The mutation score: of every change by rule to the code that ships, how many the explored programs find. Survivors are listed, each
 * either to be killed by a new check or argued equivalent in `equivalent.ts`.
 */
const LIMIT_MS = 180_000
const dist = fileURLToPath(new URL('../../', import.meta.url))
const judgeFile = fileURLToPath(new URL('./judge-mutant.js', import.meta.url))
const mutated = ['src/memory', 'src/breaker', 'src/budget']

interface Verdict {
  readonly mutant: Mutant
  /** Whether any explored program runs what was changed. */
  readonly isRun: boolean
  /** What found it; undefined: nothing did. */
  readonly killedBy: string | undefined
}

const program = new Command('mutate')
  .description('changes the shipped code in every way that the rules know, and counts what the race suite finds')
  .option('--only <text>', 'of modules whose path has this in it')
  .option('--rule <text>', 'of rules whose name has this in it')
  .option('--list', 'lists them, and runs nothing')
  .parse()
const flags = program.opts<{ only?: string; rule?: string; list?: true }>()

const mutants = modules()
  .filter((path) => path.includes(flags.only ?? ''))
  .flatMap((path) => mutantsOf(path, readFileSync(join(dist, path), 'utf8')))
  .filter(({ rule }) => rule.includes(flags.rule ?? ''))

if (flags.list) {
  for (const { name, line } of mutants) process.stdout.write(`${name} (line ${line})\n`)
} else {
  process.exitCode = await judgeAll()
}

async function judgeAll(): Promise<number> {
  const coverage = Coverage.of(dist, judgeFile, await raceNames('programs'))
  const verdicts: Verdict[] = []
  const waiting = [...mutants.entries()]
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const folder = copyOfDist()
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const verdict = await judge(folder, next[1], coverage)
          verdicts.push(verdict)
          const argued = equivalent[verdict.mutant.name] !== undefined
          const mark = verdict.killedBy ? 'killed  ' : argued ? 'argued  ' : verdict.isRun ? 'SURVIVED' : 'NOT RUN '
          const by = verdict.killedBy ? ` (${verdict.killedBy})` : ''
          process.stdout.write(`${mark} ${oneLine(verdict.mutant.name)} (line ${verdict.mutant.line})${by}\n`)
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    }),
  )
  return report(verdicts)
}

function report(verdicts: readonly Verdict[]): number {
  const survivors = verdicts.filter(({ killedBy }) => killedBy === undefined)
  const argued = survivors.filter(({ mutant }) => equivalent[mutant.name] !== undefined)
  const rest = verdicts.length - argued.length
  const unseen = survivors.filter(({ isRun }) => !isRun).length
  const killed = verdicts.length - survivors.length
  process.stdout.write(
    `\nmutation score ${((100 * killed) / Math.max(1, rest)).toFixed(1)} %: ${killed} of ${rest} mutants killed, ${argued.length} more argued equivalent, ${survivors.length - argued.length} survived, of which ${unseen} are in code that no program runs\n`,
  )
  for (const rule of new Set(verdicts.map(({ mutant }) => mutant.rule))) {
    const own = verdicts.filter(({ mutant }) => mutant.rule === rule)
    process.stdout.write(`  ${rule}: ${own.filter(({ killedBy }) => killedBy).length} of ${own.length}\n`)
  }
  return survivors.length > argued.length ? 1 : 0
}

/** In a copy of what was compiled, for the change must not be seen by anybody else. */
function copyOfDist(): string {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-mutant-'))
  for (const part of ['src', 'workers']) cpSync(join(dist, part), join(folder, part), { recursive: true })
  symlinkSync(join(dist, '..', 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  return folder
}

async function judge(folder: string, mutant: Mutant, coverage: Coverage): Promise<Verdict> {
  const path = mutant.name.slice(0, mutant.name.indexOf(' '))
  const original = readFileSync(join(dist, path))
  writeFileSync(join(folder, path), mutant.text)
  try {
    // What explored code does not use can only be judged on real threads.
    const also = path.startsWith('src/memory/') ? 'threads' : ''
    const programs = coverage.at(path, mutant.start)
    if (programs.length === 0 && also === '') return { mutant, isRun: false, killedBy: undefined }
    return { mutant, isRun: true, killedBy: await runOn(folder, also, programs) }
  } finally {
    writeFileSync(join(folder, path), original)
  }
}

function runOn(folder: string, also: string, programs: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [judgeFile, folder, also, programs.join()], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
    })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(said || (signal ? `did not end in ${LIMIT_MS} ms` : 'an error'))
    })
  })
}

function modules(): string[] {
  return mutated.flatMap((folder) => {
    try {
      return readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .map((file) => relative(dist, join(dist, folder, file)))
    } catch {
      // There is no such folder yet.
      return []
    }
  })
}
