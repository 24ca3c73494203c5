import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What a profiler hands over on its end, as node:inspector's does: lines and columns from 0, times in microseconds. */
export interface ProfileData {
  readonly nodes: Iterable<object>
  readonly startTime: number
  readonly endTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
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

/**
 * Writes a `.cpuprofile`, piece by piece: an hour's profile is longer than the longest string that V8 makes. It gets
 * its name only once it is whole, so that a full disk leaves nothing behind that looks like a profile.
 */
export async function writeProfile(file: string, profile: ProfileData): Promise<void> {
  const unfinished = `${file}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    await pipeline(Readable.from(json(profile)), createWriteStream(unfinished))
    await rename(unfinished, file)
  } catch (error) {
    // The file may not even exist; what matters is the error that is told below.
    await rm(unfinished, { force: true }).catch(() => undefined)
    const message = `CPU profile ${file} was not written: ${reasonOf(error)}`
    throw new ProfilerError('ERR_PROFILE_NOT_WRITTEN', message, { cause: error })
  }
}

/** The first line of an error's message; native modules add a stack of their own to it. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

function* json(profile: ProfileData): Generator<string> {
  yield '{"nodes":['
  let separator = ''
  for (const node of profile.nodes) {
    yield separator + JSON.stringify(node)
    separator = ',\n'
  }
  yield `],"startTime":${profile.startTime},"endTime":${profile.endTime},"samples":[`
  yield* numbers(profile.samples)
  yield '],"timeDeltas":['
  yield* numbers(profile.timeDeltas)
  yield ']}\n'
}

function* numbers(values: readonly number[]): Generator<string> {
  for (let from = 0; from < values.length; from += numbersPerChunk) {
    yield (from === 0 ? '' : ',') + values.slice(from, from + numbersPerChunk).join(',')
  }
}
