import type { SourceModule } from './source-module.js'

/**
 * The layers, the lowest first. A module imports from its own layer and from those below; layers on one line don't
 * know one another. A layer is a folder, or files directly in `src`; `*` is whatever is directly there and not named.
 */
export const ranks: readonly (readonly string[])[] = [
  ['src/memory', 'src/world'],
  ['src/breaker', 'src/history', 'src/profiler', 'src/statistics'],
  ['src/budget'],
  ['src/*'], // the contracts
  ['src/downstream', 'src/exhaustion', 'src/reporting'],
  ['src/soak', 'src/baseline', 'src/spending'],
  ['src/suite'],
  ['src/targets', 'src/scenarios', 'src/checkers', 'src/reporters'],
  ['src/catalog.ts'],
  ['src/judge.ts', 'src/plan-file', 'src/stress', 'src/explore'],
  ['src/race'],
  ['src/index.ts', 'src/stress.ts', 'src/budget.ts'],
  ['src/cli', 'src/adapters', 'workers'],
]

export const plugInFolders = [
  'src/targets',
  'src/scenarios',
  'src/checkers',
  'src/reporters',
  'src/race/broken',
  'src/race/programs',
  'src/race/litmus',
]

/** What nobody needs to import: the doors through which people and threads come in, and what is found by its name. */
export const roots = [
  'src/index.ts',
  'src/stress.ts',
  'src/budget.ts',
  'src/cli/busbar.ts',
  'workers',
  'src/adapters',
  ...plugInFolders,
]

/** The layer that a module belongs to; of a path that has no layer, nothing. */
export function layerOf(path: string): string | undefined {
  const all = ranks.flat()
  return (
    all.find((layer) => path === layer || path.startsWith(`${layer}/`)) ??
    (/^src\/[^/]+$/.test(path) ? 'src/*' : undefined)
  )
}

export function upwardImports(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, imports }) => {
    const own = layerOf(path)
    if (own === undefined) return [`${path} belongs to no layer`]
    return imports
      .filter(({ target }) => isOurs(target))
      .filter(({ target }) => {
        const other = layerOf(target)
        return other !== own && (other === undefined || rankOf(other) >= rankOf(own))
      })
      .map(({ target }) => `${path} imports ${target}, which is not below it`)
  })
}

export function plugInsThatImportPlugIns(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => isUnder(path, plugInFolders))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => isUnder(target, plugInFolders))
        .map(({ target }) => `${path} imports the plug-in ${target}`),
    )
}

/** Each cycle once, as the path around it. What is imported for its types alone is gone when the code runs. */
export function importCycles(modules: readonly SourceModule[]): string[] {
  const values = new Map(
    modules.map(({ path, imports }) => [path, imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target)]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]) => {
    const at = trail.indexOf(path)
    if (at >= 0) cycles.push([...trail.slice(at), path].join(' → '))
    if (at >= 0 || done.has(path)) return
    for (const target of values.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of values.keys()) visit(path, [])
  return cycles
}

/** Modules that no root leads to, by whatever kind of import. */
export function orphans(modules: readonly SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const reached = new Set<string>()
  const pending = modules.map(({ path }) => path).filter((path) => isUnder(path, roots))
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const module = byPath.get(path)
    if (!module || reached.has(path)) continue
    reached.add(path)
    pending.push(...module.imports.map(({ target }) => target))
  }
  return modules.filter(({ path }) => !reached.has(path)).map(({ path }) => `${path} is imported by nobody`)
}

export function isUnder(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`))
}

function isOurs(target: string): boolean {
  return isUnder(target, ['src', 'workers', 'test', 'bench', 'examples'])
}

function rankOf(layer: string): number {
  return ranks.findIndex((layers) => layers.includes(layer))
}
