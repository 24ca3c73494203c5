import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { defaultExportOf } from '../src/load-module.js'
import { TemporaryFolder } from './temporary-folder.js'

const loader = new URL('../src/load-module.js', import.meta.url).href

/** What a worker thread has of a file, and whether it needed the compiler for it. */
async function inWorker(file: string): Promise<{ loaded: unknown; compiler: string[] }> {
  const script = `
    const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(loader)})
      .then(({ defaultExportOf }) => defaultExportOf(${JSON.stringify(file)}))
      .then((loaded) => {
        const compiler = Object.keys(require('node:module')._cache).filter((path) => /jiti.dist.babel/.test(path))
        parentPort.postMessage({ loaded, compiler })
      })`
  const [answer] = await once(new Worker(script, { eval: true }), 'message')
  return answer
}

describe('a user’s module', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('is compiled in the first thread that loads it, and in no other', async () => {
    const file = await folder.write(
      'typed.ts',
      "import { Outcome } from 'busbar/target'\nexport default Outcome.refused as number\n",
    )
    expect((await inWorker(file)).compiler).to.have.lengthOf(1)
    expect(await defaultExportOf(file)).to.equal(3)
    expect(await inWorker(file)).to.deep.equal({ loaded: 3, compiler: [] })
  })

  it('is compiled once more when it has changed', async () => {
    const file = await folder.write('changing.ts', 'export default 1 as number\n')
    expect((await inWorker(file)).loaded).to.equal(1)
    await folder.write('changing.ts', 'export default 2 as number\n')
    expect((await inWorker(file)).loaded).to.equal(2)
  })

  it('may import what lies beside it, by its name in JavaScript', async () => {
    await folder.write('part.ts', 'export const part: string = "beside"\n')
    const file = await folder.write('whole.ts', "import { part } from './part.js'\nexport default part\n")
    expect(await defaultExportOf(file)).to.equal('beside')
  })
})
