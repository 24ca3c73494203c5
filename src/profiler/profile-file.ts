import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeFolder } from '../world/folder.js'

/** What a CPU profiler hands over on its end, as node:inspector's does: lines and columns from 0, times in microseconds. */
export interface ProfileData {
  readonly nodes: Iterable<object>
  readonly startTime: number
  readonly endTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** What a sampling heap profiler hands over on its end. Stacks have a limit, so the tree is no deeper than that. */
export interface AllocationData {
  readonly head: object
  readonly samples: Iterable<object>
}

/** A profile that could not be kept. The run that it was taken of is none the worse for it. */
export class ProfilerError extends Error {
  override readonly name = 'ProfilerError'

  constructor(
    /** Stable: `ERR_PROFILE_NOT_WRITTEN`, `ERR_MEMORY_SHORT`, `ERR_DISK_SHORT`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const numbersPerChunk = 10_000

/** Writes a `.cpuprofile`, piece by piece: an hour's profile is longer than the longest string that V8 makes. */
export function writeCpuProfile(file: string, profile: ProfileData): Promise<void> {
  return writeWhole('CPU profile', file, cpuJson(profile))
}

/** Writes a `.heapprofile`. */
export function writeAllocationProfile(file: string, profile: AllocationData): Promise<void> {
  return writeWhole('allocation profile', file, allocationJson(profile))
}

/**
 * Writes a file in pieces, making its folder where it is missing. It gets its name only once it is whole, so that a full
 * disk leaves nothing behind that looks like it. Rejects with a `ProfilerError` that says what was not written, and why.
 */
export async function writeWhole(what: string, file: string, pieces: Iterable<string>): Promise<void> {
  await whole(what, file, (unfinished) => pipeline(Readable.from(pieces), createWriteStream(unfinished)))
}

/** As `writeWhole`, for what is written by `write` to the file whose name it is given. */
export async function whole(what: string, file: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${file}.part`
  try {
    await makeFolder(dirname(file))
    await write(unfinished)
    await rename(unfinished, file)
  } catch (error) {
    // The file may not even exist; what matters is the error that is told below.
    await rm(unfinished, { force: true }).catch(() => undefined)
    if (error instanceof ProfilerError) throw error
    const message = `${what} ${file} was not written: ${reasonOf(error)}`
    throw new ProfilerError('ERR_PROFILE_NOT_WRITTEN', message, { cause: error })
  }
}

/** The first line of an error's message; native modules add a stack of their own to it. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

function* cpuJson(profile: ProfileData): Generator<string> {
  yield '{"nodes":['
  yield* objects(profile.nodes)
  yield `],"startTime":${profile.startTime},"endTime":${profile.endTime},"samples":[`
  yield* numbers(profile.samples)
  yield '],"timeDeltas":['
  yield* numbers(profile.timeDeltas)
  yield ']}\n'
}

function* allocationJson({ head, samples }: AllocationData): Generator<string> {
  yield `{"head":${JSON.stringify(head)},"samples":[`
  yield* objects(samples)
  yield ']}\n'
}

function* objects(all: Iterable<object>): Generator<string> {
  let separator = ''
  for (const one of all) {
    yield separator + JSON.stringify(one)
    separator = ',\n'
  }
}

function* numbers(values: readonly number[]): Generator<string> {
  for (let from = 0; from < values.length; from += numbersPerChunk) {
    yield (from === 0 ? '' : ',') + values.slice(from, from + numbersPerChunk).join(',')
  }
}
