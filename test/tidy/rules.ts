import { isUnder } from './layers.js'
import type { SourceModule } from './source-module.js'

/** Each rule answers with a line for every place that breaks it. */

const linesMax = 300
const foldersBelowSrcMax = 2
const clocksAndChance = ['Date', 'performance', 'process.hrtime', 'hrtime', 'Math.random']
const modulesOfClocks = ['node:perf_hooks', 'perf_hooks']

export function sharedMemoryElsewhere(modules: readonly SourceModule[]): string[] {
  return elsewhere(modules, 'src/memory').flatMap(({ path, uses, views, allocates }) => [
    ...(uses.has('Atomics') || uses.has('globalThis.Atomics') ? [`${path} uses Atomics`] : []),
    ...(allocates ? [`${path} makes a SharedArrayBuffer`] : []),
    ...views.map((name) => `${path} makes a ${name} of what may be shared memory`),
  ])
}

export function timeAndChanceElsewhere(modules: readonly SourceModule[]): string[] {
  return elsewhere(modules, 'src/world').flatMap(({ path, uses, imports }) => [
    ...clocksAndChance
      .filter((name) => uses.has(name) || uses.has(`globalThis.${name}`))
      .map((name) => `${path} uses ${name}`),
    ...imports
      .filter(({ target }) => modulesOfClocks.includes(target))
      .map(({ target }) => `${path} imports ${target}`),
  ])
}

export function tooLong(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ lines }) => lines > linesMax)
    .map(({ path, lines }) => `${path} has ${lines} lines; allowed: ${linesMax}`)
}

export function tooDeep(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => path.split('/').length - 2 > foldersBelowSrcMax)
    .map(({ path }) => `${path} is more than ${foldersBelowSrcMax} folders below ${path.split('/', 1)[0]}`)
}

export function facesThatExportAll(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path, exportsAll }) => exportsAll && ['src/index.ts', 'src/stress.ts', 'src/budget.ts'].includes(path))
    .map(({ path }) => `${path} has an export *`)
}

/** For tests: what was left behind by whoever was looking for something. */
export function leftBehind(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, uses, comments }) => [
    ...['describe.only', 'it.only', 'context.only'].filter((name) => uses.has(name)).map((name) => `${path}: ${name}`),
    ...(comments.some((comment) => comment.includes('FIXME')) ? [`${path}: FIXME`] : []),
  ])
}

function elsewhere(modules: readonly SourceModule[], home: string): readonly SourceModule[] {
  return modules.filter(({ path }) => !isUnder(path, [home]))
}
