import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { z } from 'zod'
import { ProfilerError } from '../profile-file.js'
import { allocationProfileSchema, cpuProfileSchema, type ThreadProfile } from './thread-profile.js'

const extensions = ['.cpuprofile', '.heapprofile']

/**
 * The CPU and sampling heap profiles among `files`; others, such as heap snapshots, are passed over. Each is read whole:
 * V8 makes no string of more than 512 MB, more than ten hours of one thread.
 *
 * Rejects with a `ProfilerError` that names the file, and the field that is not what it must be.
 */
export async function readProfiles(files: readonly string[]): Promise<readonly ThreadProfile[]> {
  const profiles: ThreadProfile[] = []
  for (const file of files.filter(isProfile)) profiles.push(await readProfile(file))
  return profiles
}

/**
 * The profiles that a path means: a file, the one run whose profiles are in a folder, or of several the one whose names
 * begin so (`profiles/dead-backend.shared.20260131-120000`). Sorted by name.
 *
 * Rejects with a `ProfilerError`, `ERR_PROFILE_NOT_FOUND` if there is none, `ERR_PROFILE_AMBIGUOUS` if there is more than one run.
 */
export async function profileFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) return [path]
  const folder = found ? path : dirname(path)
  const beginning = found ? '' : `${basename(path)}.`
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => isProfile(name) && name.startsWith(beginning))
    .sort()
  if (names.length === 0) {
    throw new ProfilerError('ERR_PROFILE_NOT_FOUND', `no ${extensions.join(' or ')} file is or is in ${path}`)
  }
  const runs = [...new Set(names.map((name) => runOf(name)))]
  if (runs.length > 1) {
    const choices = runs.map((run) => join(folder, run)).join(', ')
    throw new ProfilerError('ERR_PROFILE_AMBIGUOUS', `${path} has profiles of several runs; say which: ${choices}`)
  }
  return names.map((name) => join(folder, name))
}

async function readProfile(file: string): Promise<ThreadProfile> {
  const thread = threadOf(basename(file))
  const content = await readJson(file)
  if (extname(file) === '.cpuprofile') return { kind: 'cpu', thread, ...parsed(cpuProfileSchema, content, file) }
  return { kind: 'allocation', thread, ...parsed(allocationProfileSchema, content, file) }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProfilerError('ERR_PROFILE_UNREADABLE', `profile ${file} can't be read: ${reason}`, { cause: error })
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, content: unknown, file: string): z.infer<Schema> {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new ProfilerError(
    'ERR_PROFILE_UNREADABLE',
    `profile ${file} is not what V8 writes: ${issue?.path.join('.')}: ${issue?.message}`,
    { cause: result.error },
  )
}

function isProfile(file: string): boolean {
  return extensions.includes(extname(file))
}

/** `<scenario>.<target>.<run>.<thread>.<kind>`: the last part but one. Of a file that is named otherwise, its name. */
function threadOf(name: string): string {
  const parts = name.split('.').slice(0, -1)
  return parts.length >= 4 ? `${parts.at(-1)}` : parts.join('.')
}

/** What the names of one run's profiles begin with; files that are named otherwise are taken together. */
function runOf(name: string): string {
  const parts = name.split('.').slice(0, -1)
  return parts.length >= 4 ? parts.slice(0, -1).join('.') : ''
}
