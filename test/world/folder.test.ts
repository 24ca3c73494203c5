import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeFolder } from '../../src/world/folder.js'

describe('making a folder', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'busbar-folder-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  const codeOf = (folder: string) =>
    makeFolder(folder).then(
      () => 'made',
      (error: NodeJS.ErrnoException) => error.code,
    )

  it('makes those above it as well, and leaves what is there', async () => {
    await makeFolder(join(root, 'a', 'b'))
    await writeFile(join(root, 'a', 'b', 'kept'), '')
    await makeFolder(join(root, 'a', 'b'))
    await makeFolder(join(root, 'a', 'b', 'c'))
    expect((await stat(join(root, 'a', 'b', 'c'))).isDirectory()).to.equal(true)
    expect(existsSync(join(root, 'a', 'b', 'kept'))).to.equal(true)
  })

  it('may be done by several at once', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => codeOf(join(root, 'x', 'y', 'z'))))
    expect(new Set(all)).to.deep.equal(new Set(['made']))
  })

  it('rejects below a file', async () => {
    await writeFile(join(root, 'file'), '')
    expect(await codeOf(join(root, 'file', 'folder', 'below'))).to.equal('ENOTDIR')
  })

  it('rejects below /proc, where Node tries for ever', async function () {
    // A system without /proc has nothing to try for ever.
    if (!existsSync('/proc/self')) return this.skip()
    expect(await codeOf('/proc/busbar/x')).to.be.oneOf(['ENOENT', 'EACCES', 'EPERM'])
  }).timeout(5000)
})
