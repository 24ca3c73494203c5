import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runParts } from './parts.js'

const slow = ['@', 'slow'].join('')
const suite = (body: string) => `describe('soak ${slow}', () => { it('goes on', () => { ${body} }) })`

describe('the long-test runner @stress', () => {
  let dist = ''
  beforeEach(async () => {
    dist = await mkdtemp(join(tmpdir(), 'busbar-long-'))
    await mkdir(join(dist, 'test', 'stress'), { recursive: true })
    await writeFile(join(dist, 'test', 'stress', 'soak.test.js'), suite(''))
    await writeFile(join(dist, 'test', 'quick.test.js'), "describe('quick', () => { it('is not slow', () => {}) })")
  })
  afterEach(() => rm(dist, { recursive: true }))

  async function run(options: { fresh?: boolean; limitMs?: number } = {}) {
    const lines: string[] = []
    const state = join(dist, 'state')
    const print = (line: string) => lines.push(line)
    const results = await runParts({ dist, state, fresh: false, limitMs: 20_000, print, ...options })
    return { results, lines, state }
  }

  it('runs the files that have slow tests and keeps their last output', async () => {
    const { results, state } = await run()
    expect(Object.entries(results).map(([name, { result }]) => [name, result])).to.deep.equal([
      ['stress.soak', 'passed'],
    ])
    expect(await readFile(join(state, 'stress.soak.log'), 'utf8')).to.contain('1 passing')
  })

  it('skips what passed on the same code, unless told to begin afresh', async () => {
    await run()
    expect((await run()).lines).to.have.lengthOf(1)
    expect((await run({ fresh: true })).lines).to.have.lengthOf(2)
  })

  it('runs again what passed on other code, and what failed', async () => {
    await run()
    await writeFile(join(dist, 'test', 'stress', 'soak.test.js'), suite("throw new Error('leaks')"))
    expect((await run()).results['stress.soak']?.result).to.equal('failed')
    expect((await run()).lines).to.have.lengthOf(2)
  })

  it('ends a part at its limit', async () => {
    await writeFile(join(dist, 'test', 'stress', 'soak.test.js'), suite('for (;;) {}'))
    expect((await run({ limitMs: 1000 })).results['stress.soak']?.result).to.equal('timed out')
  })
})
