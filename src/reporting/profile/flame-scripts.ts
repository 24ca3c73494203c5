import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { scriptInElement } from '../page/markup.js'
import { showFlames } from './in-page.js'

/** The first is where to begin; what it needs is read from its package.json. */
const component = 'd3-flame-graph'
const componentFile = 'dist/d3-flamegraph.umd.min.js'

/** The component's scripts and the one that starts it, in the order in which they must run. About 130 KB. */
export function flameScripts(): readonly string[] {
  return [...packageScripts(component, import.meta.url, new Set()), `(${showFlames})(globalThis)`].map(scriptInElement)
}

/** Packages of d3 in the build that puts itself into the global `d3`, each after what it needs. */
function packageScripts(name: string, neededBy: string, done: Set<string>): readonly string[] {
  if (done.has(name)) return []
  done.add(name)
  const main = pathToFileURL(createRequire(neededBy).resolve(name)).href
  const folder = main.slice(0, main.lastIndexOf(`/${name}/`) + name.length + 2)
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(new URL('package.json', folder), 'utf8'),
  )
  const needed = Object.keys(dependencies).filter((dependency) => dependency.startsWith('d3-'))
  const file = name === component ? componentFile : `dist/${name}.min.js`
  return [
    ...needed.flatMap((dependency) => packageScripts(dependency, main, done)),
    readFileSync(new URL(file, folder), 'utf8'),
  ]
}
