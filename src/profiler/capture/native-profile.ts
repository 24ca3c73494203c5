import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProfileData } from './profile-file.js'

/** The part of v8-profiler-next that is used here; its own typings lack `nodes` and `timeDeltas`. */
export interface NativeProfiler {
  setGenerateType(type: 0 | 1): void
  startProfiling(name: string, recordSamples: boolean): void
  stopProfiling(name: string): NativeProfile
}

export interface NativeProfile extends ProfileData {
  readonly nodes: readonly NativeNode[]
  delete(): void
}

export interface NativeNode {
  readonly id: number
  readonly hitCount: number
  readonly children: readonly number[]
  readonly callFrame: {
    readonly functionName: string
    readonly scriptId: number
    readonly url: string
    readonly lineNumber: number
    readonly columnNumber: number
    readonly lineTicks?: readonly { readonly line: number; readonly hitCount: number }[]
  }
}

// A name that the compiler doesn't look up: the dependency is optional, and the project compiles without it.
const moduleName: string = 'v8-profiler-next'

/** Rejects where the dependency is missing or its binary doesn't fit this Node. It has no named exports at run time. */
export async function loadNativeProfiler(): Promise<NativeProfiler> {
  const module: { default: NativeProfiler } = await import(moduleName)
  return module.default
}

/**
 * The profile as node:inspector would have given it: positions counted from 0 and not from 1, script ids as text, ticks
 * of lines beside the call frame, and URLs where CommonJS modules have bare paths. DevTools finds the source only so.
 */
export function normalise(profile: NativeProfile): ProfileData {
  const { nodes, startTime, endTime, samples, timeDeltas } = profile
  return { nodes: normalisedNodes(nodes), startTime, endTime, samples, timeDeltas }
}

function* normalisedNodes(nodes: readonly NativeNode[]): Generator<object> {
  for (const { id, hitCount, children, callFrame } of nodes) {
    const { functionName, scriptId, url, lineNumber, columnNumber, lineTicks = [] } = callFrame
    yield {
      id,
      callFrame: {
        functionName,
        scriptId: String(scriptId),
        url: isAbsolute(url) ? pathToFileURL(url).href : url,
        lineNumber: lineNumber - 1,
        columnNumber: columnNumber - 1,
      },
      hitCount,
      children,
      positionTicks: lineTicks.map((tick) => ({ line: tick.line, ticks: tick.hitCount })),
    }
  }
}
