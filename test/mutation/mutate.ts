import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { Coverage } from './coverage.js'
import { equivalent } from './equivalent.js'
import { type Mutant, mutantsOf, oneLine } from './mutants.js'
import { type Judged, marks, scoreText } from './score.js'
import { copyOfDist, raceSuite, runOn, testSuite } from './suites.js'

/**
 * The mutation score: of every change by rule to the code that ships, how many are found. Each is shown to the explored programs, as
 * `busbar race --quick` runs them; what survives those, to the unit tests. What survives both is listed, to be killed by a new check or
 * argued equivalent in `equivalent.ts`.
 */
const dist = fileURLToPath(new URL('../../', import.meta.url))
const mutated = ['src/memory', 'src/breaker', 'src/budget']

const program = new Command('mutate')
  .description(
    'changes the shipped code in every way that the rules know, and counts what the race suite and the tests find',
  )
  .option('--only <texts>', 'of modules whose path has one of these in it: a,b', (texts) => texts.split(','))
  .option('--rule <text>', 'of rules whose name has this in it')
  .option('--line <n>', 'at this line of the compiled module', wholeNumber)
  .option('--lanes <n>', 'so many at once', wholeNumber, availableParallelism())
  .option('--suite <name>', 'shown to this suite alone: race or tests')
  .option('--list', 'lists them, and runs nothing')
  .parse()
/** Of each module, which programs found its mutants, the latest first: they are likely to find the next as well. */
const killers = new Map<string, string[]>()
const flags = program.opts<{
  only?: string[]
  rule?: string
  line?: number
  lanes: number
  suite?: string
  list?: true
}>()

const mutants = modules()
  .filter((path) => flags.only?.some((part) => path.includes(part)) ?? true)
  .flatMap((path) => mutantsOf(path, readFileSync(join(dist, path), 'utf8')))
  .filter(({ rule }) => rule.includes(flags.rule ?? ''))
  .filter(({ line }) => flags.line === undefined || line === flags.line)
  // What is argued to change nothing takes the longest to be refuted, and comes last.
  .toSorted((one, other) => Number(isArgued(one)) - Number(isArgued(other)))

if (flags.list) {
  for (const { name, line } of mutants) process.stdout.write(`${name} (line ${line})\n`)
} else {
  process.exitCode = await judgeAll()
}

async function judgeAll(): Promise<number> {
  const suites = [await raceSuite(), testSuite()].filter(({ name }) => name === (flags.suite ?? name))
  const coverages: Coverage[] = []
  for (const suite of suites) {
    const coverage = await Coverage.of(suite, flags.lanes)
    for (const part of coverage.leftOut) process.stdout.write(`left out, as it fails without any change: ${part}\n`)
    coverages.push(coverage)
  }
  const judged: Judged[] = []
  const waiting = [...mutants]
  const lane = async () => {
    const folder = copyOfDist()
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const verdict = await judge(folder, next, coverages)
        judged.push(verdict)
        const by = verdict.killedBy ? ` (${verdict.killedBy.suite}: ${verdict.killedBy.what})` : ''
        process.stdout.write(`${marks(verdict)} ${oneLine(next.name)} (line ${next.line})${by}\n`)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  await Promise.all(Array.from({ length: flags.lanes }, lane))
  process.stdout.write(scoreText(judged))
  return judged.some(({ killedBy, argued }) => !killedBy && !argued) ? 1 : 0
}

/** The others follow in their order. */
function firstOf(first: readonly string[], all: readonly string[]): string[] {
  return [...first.filter((one) => all.includes(one)), ...all.filter((one) => !first.includes(one))]
}

function isArgued({ name }: Mutant): boolean {
  return equivalent[name] !== undefined
}

async function judge(folder: string, mutant: Mutant, coverages: readonly Coverage[]): Promise<Judged> {
  const path = mutant.name.slice(0, mutant.name.indexOf(' '))
  const argued = isArgued(mutant)
  const original = readFileSync(join(dist, path))
  let isRun = false
  writeFileSync(join(folder, path), mutant.text)
  try {
    for (const coverage of coverages) {
      const { suite } = coverage
      const parts = firstOf(killers.get(path) ?? [], coverage.at(path, mutant.start))
      // The memory's own operations can only be judged on real threads, which run no explored code.
      const onThreads = suite.name === 'race' && path.startsWith('src/memory/')
      if (parts.length === 0 && !onThreads) continue
      isRun = true
      const what = await runOn(folder, suite, parts, path)
      if (what === undefined) continue
      const killer = parts.find((part) => what.startsWith(`programs/${part}/`))
      if (killer !== undefined) killers.set(path, firstOf([killer], killers.get(path) ?? [killer]))
      return { mutant, argued, isRun, killedBy: { suite: suite.name, what } }
    }
    return { mutant, argued, isRun }
  } finally {
    writeFileSync(join(folder, path), original)
  }
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

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number above 0 is wanted')
  return Number(text)
}
