import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { monotonicClock } from '../../src/world/clock.js'

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
  /** By module. */
  readonly ranges: ReadonlyMap<string, readonly Range[]>
}

/** Which programs run which code, as V8 counts it, so that a mutant is shown only to those that can see it. */
export class Coverage {
  private constructor(
    /** In the order of how long they take. */
    private readonly programs: readonly Covered[],
  ) {}

  /** Runs each program once, unchanged, by `judge`. Throws if one of them finds something. */
  static of(dist: string, judge: string, programs: readonly string[]): Coverage {
    const covered = programs.map((name) => {
      const folder = mkdtempSync(join(tmpdir(), 'busbar-coverage-'))
      try {
        const began = monotonicClock.nowMs()
        const environment = { ...process.env, NODE_V8_COVERAGE: folder }
        const { status, stdout } = spawnSync(process.execPath, [judge, dist, '', name], { env: environment })
        if (status !== 0) throw new Error(`without any change: ${stdout}`)
        return { name, took: monotonicClock.nowMs() - began, ranges: rangesIn(folder, dist) }
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
    return new Coverage(covered.toSorted((one, other) => one.took - other.took))
  }

  /** The programs that run what is at this place. */
  at(path: string, offset: number): string[] {
    return this.programs.filter(({ ranges }) => isRun(ranges.get(path) ?? [], offset)).map(({ name }) => name)
  }
}

/** The smallest range around the place says how often it was run. */
function isRun(ranges: readonly Range[], offset: number): boolean {
  let innermost: Range | undefined
  for (const range of ranges) {
    if (offset < range.startOffset || offset >= range.endOffset) continue
    if (!innermost || sizeOf(range) < sizeOf(innermost)) innermost = range
  }
  return (innermost?.count ?? 0) > 0
}

function sizeOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset
}

function rangesIn(folder: string, dist: string): Map<string, readonly Range[]> {
  const root = pathToFileURL(dist).href
  const byPath = new Map<string, readonly Range[]>()
  for (const file of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: readonly ScriptCoverage[] }
    for (const { url, functions } of result.filter((script) => script.url.startsWith(root))) {
      const path = url.slice(root.length)
      byPath.set(path, [...(byPath.get(path) ?? []), ...functions.flatMap(({ ranges }) => ranges)])
    }
  }
  return byPath
}
