import type { CallFrame, ThreadProfile } from './thread-profile.js'

/**
 * On whose account time or memory goes. `user` is the code under test: targets, peers, dependencies, and whatever else
 * is not ours. `program` is V8 and native code with no JavaScript on the stack. `idle` is a thread that waits: for
 * events, or parked in `Atomics.wait`, which V8's profiler counts as work.
 */
export const categories = ['breaker', 'engine', 'user', 'node', 'program', 'gc', 'idle'] as const
export type Category = (typeof categories)[number]

/** A function as people name it. */
export interface Frame {
  readonly name: string
  /** `src/…` for what is ours, `opossum/lib/…` for a package, `node:…`, else a path; empty for what has no source. */
  readonly file: string
  /** From 1; 0 where there is none. */
  readonly line: number
  readonly column: number
}

/** Packages that the engine itself works with; beneath a target they are the target's. */
const enginePackages = new Set([
  'comlink',
  'commander',
  'hdr-histogram-js',
  'jiti',
  'listr2',
  'piscina',
  'pure-rand',
  'table',
  'undici',
  'v8-profiler-next',
  'yaml',
  'zod',
])

const pseudoFunctions: Readonly<Record<string, Category>> = {
  '(program)': 'program',
  '(idle)': 'idle',
  '(garbage collector)': 'gc',
  '(GC)': 'gc',
}

/** Functions of ours that do nothing but park their thread; V8 inlines the wait itself, so it has no frame of its own. */
const parking = new Set(['src/memory/parking.js blockFor', 'src/memory/atomic-cells.js wait'])

/** Folders of ours and whose they are; the first that fits. What is not listed is somebody else's: tests, examples. */
const ourFolders: readonly (readonly [folder: string, category: Category | 'caller'])[] = [
  ['src/breaker/', 'breaker'],
  ['src/budget/', 'breaker'],
  ['src/adapters/', 'breaker'],
  ['src/index.', 'breaker'],
  ['src/memory/', 'caller'],
  ['src/world/', 'caller'],
  ['src/targets/', 'user'],
  ['src/', 'engine'],
  ['workers/', 'engine'],
]

const ownHome = new URL('../../../', import.meta.url).href
const engineModule = /^(.*\/)(?:src\/stress\/coordinator|src\/stress\/load\/[\w-]+|workers\/load)\.js$/
const packageName = /^(?:@[^/]+\/)?[^/]+/

/**
 * Where the Busbar lies that the profiles are of: usually this one, but profiles of two checkouts can be compared. Each
 * thread of a run has modules of the engine on its stacks, which tell.
 */
export function homeOf(profiles: readonly ThreadProfile[]): string {
  for (const profile of profiles) {
    for (const { url } of callFrames(profile)) {
      const home = engineModule.exec(url)?.[1]
      if (home !== undefined) return home
    }
  }
  return ownHome
}

export function frameOf({ functionName, url, lineNumber, columnNumber }: CallFrame, home: string): Frame {
  return {
    name: functionName === '' ? '(anonymous)' : functionName,
    file: shortPath(url, home),
    line: Math.max(0, lineNumber + 1),
    column: Math.max(0, columnNumber + 1),
  }
}

/**
 * Built-in functions, and what the breaker and the engine both stand on, go on the account of their caller: an
 * `Atomics.load` of the breaker is the breaker's, that of the gate the engine's.
 */
export function categoryOf({ functionName, url }: CallFrame, home: string, caller: Category | undefined): Category {
  if (url === '') {
    // Of all built-in functions only that of `Atomics` is called so.
    if (functionName === 'wait') return 'idle'
    return pseudoFunctions[functionName] ?? caller ?? (functionName.startsWith('(') ? 'program' : 'node')
  }
  if (url.startsWith('node:')) return 'node'
  if (url.startsWith(home)) {
    const path = url.slice(home.length)
    if (parking.has(`${path} ${functionName}`)) return 'idle'
    const category = ourFolders.find(([folder]) => path.startsWith(folder))?.[1] ?? 'user'
    return category === 'caller' ? ours(caller) : category
  }
  const name = packageName.exec(inPackages(url) ?? '')?.[0]
  return name !== undefined && enginePackages.has(name) ? ours(caller) : 'user'
}

function ours(caller: Category | undefined): Category {
  return caller === 'breaker' || caller === 'user' ? caller : 'engine'
}

function shortPath(url: string, home: string): string {
  if (url.startsWith(home)) return url.slice(home.length)
  return inPackages(url) ?? url.replace(/^file:\/\//, '')
}

/** What comes after the last `node_modules/`. */
function inPackages(url: string): string | undefined {
  const at = url.lastIndexOf('/node_modules/')
  return at < 0 ? undefined : url.slice(at + '/node_modules/'.length)
}

function* callFrames(profile: ThreadProfile): Generator<CallFrame> {
  if (profile.kind === 'cpu') {
    for (const { callFrame } of profile.nodes) yield callFrame
    return
  }
  const pending = [profile.head]
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node.callFrame
    pending.push(...node.children)
  }
}
