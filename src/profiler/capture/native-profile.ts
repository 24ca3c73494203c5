import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AllocationData, ProfileData } from '../profile-file.js'

/** The part of v8-profiler-next that is used here; its own typings lack `nodes` and `timeDeltas`. */
export interface NativeProfiler {
  setGenerateType(type: 0 | 1): void
  startProfiling(name: string, recordSamples: boolean): void
  stopProfiling(name: string): NativeProfile
  startSamplingHeapProfiling(everyBytes: number, depth: number): void
  stopSamplingHeapProfiling(): { readonly head: NativeAllocations }
}

export interface NativeAllocations {
  readonly callFrame: NativeCallFrame
  readonly selfSize: number
  readonly children: readonly NativeAllocations[]
}

export interface NativeCallFrame {
  readonly functionName: string
  readonly scriptId: number
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

export interface NativeProfile extends ProfileData {
  readonly nodes: readonly NativeNode[]
  delete(): void
}

export interface NativeNode {
  readonly id: number
  readonly hitCount: number
  readonly children: readonly number[]
  readonly callFrame: NativeCallFrame & {
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
    const { lineTicks = [] } = callFrame
    yield {
      id,
      callFrame: normalisedFrame(callFrame),
      hitCount,
      children,
      positionTicks: lineTicks.map((tick) => ({ line: tick.line, ticks: tick.hitCount })),
    }
  }
}

/**
 * Allocations as node:inspector would have given them. The native profiler tells how many bytes each stack has left
 * alive, not of which samples that is the sum; so there are as many as such a sum has on average, all of one size.
 */
export function normaliseAllocations(head: NativeAllocations, sampleEveryBytes: number): AllocationData {
  const samples: object[] = []
  let lastId = 0
  const normalised = ({ callFrame, selfSize, children }: NativeAllocations): object => {
    const id = ++lastId
    const count = selfSize > 0 ? Math.max(1, Math.round(selfSize / sampleEveryBytes)) : 0
    for (let i = 0; i < count; i += 1) {
      samples.push({ size: selfSize / count, nodeId: id, ordinal: samples.length + 1 })
    }
    return { callFrame: normalisedFrame(callFrame), selfSize, id, children: children.map(normalised) }
  }
  return { head: normalised(head), samples }
}

function normalisedFrame({ functionName, scriptId, url, lineNumber, columnNumber }: NativeCallFrame): object {
  return {
    functionName,
    scriptId: String(scriptId),
    url: isAbsolute(url) ? pathToFileURL(url).href : url,
    lineNumber: lineNumber - 1,
    columnNumber: columnNumber - 1,
  }
}
