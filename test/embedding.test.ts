import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'

const index = new URL('../src/index.js', import.meta.url)
const limitMs = 10_000

/**
 * A fresh process that imports `module` and prints what was resolved on the way: ES modules through a hook that writes
 * each URL from the loader's own thread, CommonJS ones by their cache.
 */
async function loadedBy(module: URL): Promise<string[]> {
  const hooks = `
    import { writeSync } from 'node:fs'
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context)
      writeSync(1, resolved.url + '\\n')
      return resolved
    }`
  const script = `
    import { createRequire, register } from 'node:module'
    import { pathToFileURL } from 'node:url'
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})
    await import(${JSON.stringify(module.href)})
    for (const file of Object.keys(createRequire(${JSON.stringify(module.href)}).cache)) console.log(pathToFileURL(file).href)`
  const options = { timeout: limitMs, env: { ...process.env, NODE_OPTIONS: '' } }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], options)
  return [...new Set(stdout.trim().split('\n'))]
}

describe('embedding the breaker', () => {
  it('loads nothing but the breaker, what it stands on, and what is built into Node', async () => {
    const dist = new URL('../', import.meta.url).href
    const allowed = ['node:', ...['index.js', 'breaker/', 'memory/', 'world/'].map((part) => `${dist}src/${part}`)]
    const loaded = await loadedBy(index)
    expect(loaded).to.include(index.href)
    expect(loaded.filter((url) => !allowed.some((start) => url.startsWith(start)))).to.deep.equal([])
  })

  it('is told from what does load libraries: the engine', async () => {
    const loaded = await loadedBy(new URL('../src/stress.js', import.meta.url))
    expect(loaded.filter((url) => url.includes('/node_modules/piscina/'))).to.not.deep.equal([])
    expect(loaded.filter((url) => url.includes('/node_modules/zod/'))).to.not.deep.equal([])
    const forPlanFiles = loaded.filter((url) => /\/node_modules\/(jiti|yaml)\//.test(url))
    expect(forPlanFiles, 'until a plan file is read').to.deep.equal([])
  })

  it('puts next to nothing into a worker with a target of one’s own', async () => {
    const dist = new URL('../', import.meta.url).href
    const own = (url: string) => url.startsWith(dist) || url.includes('/node_modules/')
    const loaded = (await loadedBy(new URL('../src/target.js', import.meta.url))).filter(own)
    expect(loaded.map((url) => url.slice(dist.length))).to.have.members(['src/target.js', 'src/world/clock.js'])
  })
})
