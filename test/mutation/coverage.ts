import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { monotonicClock } from '../../src/world/clock.js'
import { copyOfDist, runOn, type Suite } from './suites.js'

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

interface Covered {
  readonly name: string
  readonly tookMs: number
  /** By module. */
  readonly ranges: Readonly<Record<string, readonly Range[]>>
}

/** What was counted before, of the same code: to count all of it takes minutes. */
const kept = '.mutation'

/** Which parts of a suite run which code, as V8 counts it, so that a mutant is shown only to those that can see it. */
export class Coverage {
  private constructor(
    readonly suite: Suite,
    /** In the order of how long they take. */
    private readonly parts: readonly Covered[],
    /** Parts that fail without any change, which therefore can judge none. */
    readonly leftOut: readonly string[],
  ) {}

  /** Runs each part once on an unchanged copy, so many at a time. */
  static async of(suite: Suite, lanes: number): Promise<Coverage> {
    const covered: Covered[] = []
    const leftOut: string[] = []
    const waiting = [...suite.parts]
    const folder = realpathSync(copyOfDist())
    const shipped = hashOf(folder, 'src')
    const lane = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const one = await keptOrCounted(folder, shipped, suite, name)
        if (one) covered.push(one)
        else leftOut.push(name)
      }
    }
    try {
      await Promise.all(Array.from({ length: lanes }, lane))
    } finally {
      rmSync(folder, { recursive: true })
    }
    return new Coverage(
      suite,
      covered.toSorted((one, other) => one.tookMs - other.tookMs),
      leftOut,
    )
  }

  /** The parts that run what is at this place. */
  at(path: string, offset: number): string[] {
    return this.parts.filter(({ ranges }) => isRun(ranges[path] ?? [], offset)).map(({ name }) => name)
  }
}

async function keptOrCounted(
  folder: string,
  shipped: string,
  suite: Suite,
  name: string,
): Promise<Covered | undefined> {
  const own = readFileSync(join(folder, suite.fileOf(name)))
  const file = join(kept, `${createHash('sha256').update(shipped).update(name).update(own).digest('hex')}.json`)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Covered
  } catch {
    const counted = await coverageOf(folder, suite, name)
    mkdirSync(kept, { recursive: true })
    if (counted) writeFileSync(file, JSON.stringify(counted))
    return counted
  }
}

/** Of all code that ships; what only one part of a suite runs is that part's own affair. */
function hashOf(folder: string, shipped: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(join(folder, shipped), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (file.endsWith('.js') && !file.startsWith('race/'))
      hash.update(file).update(readFileSync(join(folder, shipped, file)))
  }
  return hash.digest('hex')
}

async function coverageOf(folder: string, suite: Suite, name: string): Promise<Covered | undefined> {
  const counted = mkdtempSync(join(tmpdir(), 'busbar-coverage-'))
  try {
    const began = monotonicClock.nowMs()
    const found = await runOn(folder, suite, [name], '', { ...process.env, NODE_V8_COVERAGE: counted })
    if (found !== undefined) return undefined
    return { name, tookMs: monotonicClock.nowMs() - began, ranges: rangesIn(counted, folder) }
  } finally {
    rmSync(counted, { recursive: true })
  }
}

/** Each script was counted once a thread; the smallest range around the place says how often that one ran it. */
function isRun(ranges: readonly Range[], offset: number): boolean {
  let innermost: Range | undefined
  for (const range of ranges) {
    if (offset < range.startOffset || offset >= range.endOffset) continue
    const isSmaller = !innermost || sizeOf(range) < sizeOf(innermost)
    const isAsSmall = innermost && sizeOf(range) === sizeOf(innermost) && range.count > innermost.count
    if (isSmaller || isAsSmall) innermost = range
  }
  return (innermost?.count ?? 0) > 0
}

function sizeOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset
}

function rangesIn(counted: string, folder: string): Record<string, Range[]> {
  const root = `${pathToFileURL(folder).href}/`
  const byPath: Record<string, Range[]> = {}
  for (const file of readdirSync(counted)) {
    const { result } = JSON.parse(readFileSync(join(counted, file), 'utf8')) as { result: readonly ScriptCoverage[] }
    for (const { url, functions } of result.filter((script) => script.url.startsWith(root))) {
      const path = url.slice(root.length)
      if (!/^src\/(memory|breaker|budget)\//.test(path)) continue
      byPath[path] = [...(byPath[path] ?? []), ...functions.flatMap(({ ranges }) => ranges)]
    }
  }
  return byPath
}
