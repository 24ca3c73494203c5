import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { absolutePlugIn, isPath, nameInFiles, shownName } from '../src/plug-in-path.js'

describe('the path of a plug-in', () => {
  it('is what ends as a module, or begins as a path', () => {
    for (const path of ['mine.ts', 'a/b.mjs', './mine', '../mine', resolve('/mine'), 'mine.mts', 'mine.js']) {
      expect(isPath(path), path).to.equal(true)
    }
  })

  it('is told from a name', () => {
    for (const name of ['shared', 'leaking/string-rope', 'dead-backend', '.hidden']) {
      expect(isPath(name), name).to.equal(false)
    }
  })

  it('is made absolute from the folder that it was written in; a name is left alone', () => {
    expect(absolutePlugIn('./mine.ts', '/some/where')).to.equal(resolve('/some/where/mine.ts'))
    expect(absolutePlugIn('shared', '/some/where')).to.equal('shared')
  })

  it('is shown from the current folder on, and whole where it is not below that', () => {
    expect(shownName(join(process.cwd(), 'own', 'mine.ts'))).to.equal(join('own', 'mine.ts'))
    expect(shownName(resolve('/elsewhere/mine.ts'))).to.equal(resolve('/elsewhere/mine.ts'))
    expect(shownName('leaking/string-rope')).to.equal('leaking/string-rope')
  })

  it('makes no folder in the name of a file', () => {
    expect(nameInFiles('/some/where/my.breaker.ts')).to.equal('my.breaker')
    expect(nameInFiles('leaking/string-rope')).to.equal('leaking-string-rope')
  })
})
