import { expect } from 'chai'
import { importCycles, orphans, plugInsThatImportPlugIns, upwardImports } from './layers.js'
import {
  facesThatExportAll,
  leftBehind,
  sharedMemoryElsewhere,
  timeAndChanceElsewhere,
  tooDeep,
  tooLong,
} from './rules.js'
import { parseModule } from './source-module.js'

/** A made-up source tree. */
const tree = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => parseModule(path, text))

describe('the tidy rules', () => {
  describe('on import cycles', () => {
    it('reject one, and name the way around it', () => {
      const cycle = tree({ 'src/a.ts': "import { b } from './b.js'", 'src/b.ts': "export { a } from './a.js'" })
      expect(importCycles(cycle)).to.deep.equal(['src/a.ts → src/b.ts → src/a.ts'])
    })

    it('reject one that a dynamic import closes', () => {
      const cycle = tree({ 'src/a.ts': "import './b.js'", 'src/b.ts': "await import('./a.js')" })
      expect(importCycles(cycle)).to.have.lengthOf(1)
    })

    it('let types go around', () => {
      const types = tree({ 'src/a.ts': "import { b } from './b.js'", 'src/b.ts': "import type { A } from './a.js'" })
      expect(importCycles(types)).to.deep.equal([])
    })
  })

  describe('on layers', () => {
    const rejected: Record<string, [path: string, text: string]> = {
      'a breaker that imports the engine': ['src/breaker/a.ts', "import { run } from '../stress.js'"],
      'a type imported from above': ['src/memory/a.ts', "import type { B } from '../breaker/b.js'"],
      'a type imported in place from above': ['src/world/a.ts', "type B = import('../breaker/b.js').B"],
      'a contract that imports a plug-in': ['src/plan.ts', "import shared from './targets/shared.js'"],
      'a neighbour on the same line': ['src/memory/a.ts', "import { clock } from '../world/clock.js'"],
      'a folder that has no layer': ['src/odds/a.ts', ''],
      'an import of a test': ['src/cli/a.ts', "import { x } from '../../test/x.js'"],
    }
    for (const [what, [path, text]] of Object.entries(rejected)) {
      it(`reject ${what}`, () => expect(upwardImports(tree({ [path]: text }))).to.have.lengthOf(1))
    }

    it('let a module import its own layer, what is below, and packages', () => {
      const text = "import '../breaker/b.js'; import './x.js'; import '../plan.js'; import 'zod'; import 'node:fs'"
      expect(upwardImports(tree({ 'src/targets/a.ts': text }))).to.deep.equal([])
    })
  })

  describe('on plug-ins', () => {
    it('reject one that imports another of its folder', () => {
      const modules = tree({ 'src/targets/a.ts': "import b from './b.js'" })
      expect(plugInsThatImportPlugIns(modules)).to.have.lengthOf(1)
    })

    it('reject one that imports another kind', () => {
      const modules = tree({ 'src/reporters/a.ts': "import type b from '../checkers/b.js'" })
      expect(plugInsThatImportPlugIns(modules)).to.have.lengthOf(1)
    })
  })

  describe('on shared memory', () => {
    for (const text of [
      'Atomics.load(words, 0)',
      'const { load } = Atomics',
      'globalThis.Atomics.load(words, 0)',
      'new Int32Array(buffer)',
      'new DataView(this.buffer, 8)',
      'new SharedArrayBuffer(8)',
    ]) {
      it(`reject ${text} outside src/memory`, () => {
        expect(sharedMemoryElsewhere(tree({ 'src/stress/a.ts': text }))).to.have.lengthOf(1)
        expect(sharedMemoryElsewhere(tree({ 'src/memory/a.ts': text }))).to.deep.equal([])
      })
    }

    for (const text of ['new Int32Array(8)', 'new Float64Array(size * 2)', 'let b: SharedArrayBuffer', '// Atomics']) {
      it(`let ${text} be anywhere`, () => {
        expect(sharedMemoryElsewhere(tree({ 'src/stress/a.ts': text }))).to.deep.equal([])
      })
    }
  })

  describe('on time and chance', () => {
    for (const text of [
      'Date.now()',
      'new Date()',
      'performance.now()',
      'process.hrtime.bigint()',
      'Math.random()',
      'globalThis.Date',
      "import { monitorEventLoopDelay } from 'node:perf_hooks'",
    ]) {
      it(`reject ${text} outside src/world`, () => {
        expect(timeAndChanceElsewhere(tree({ 'src/stress/a.ts': text }))).to.have.lengthOf(1)
        expect(timeAndChanceElsewhere(tree({ 'src/world/a.ts': text }))).to.deep.equal([])
      })
    }

    it('let a member or a key be called so', () => {
      const text = 'options.Date; const x = { performance: 1 }; interface Y { Date: number }'
      expect(timeAndChanceElsewhere(tree({ 'src/stress/a.ts': text }))).to.deep.equal([])
    })
  })

  it('reject a file to which no root leads, even if a test or another such file imports it', () => {
    const modules = tree({
      'src/index.ts': "export { a } from './a.js'",
      'src/a.ts': "import type { B } from './b.js'",
      'src/b.ts': '',
      'src/lost.ts': "import './also-lost.js'",
      'src/also-lost.ts': '',
      'src/targets/plug-in.ts': '',
    })
    expect(orphans(modules)).to.deep.equal([
      'src/lost.ts is imported by nobody',
      'src/also-lost.ts is imported by nobody',
    ])
  })

  it('reject the three hundred and first line', () => {
    expect(tooLong(tree({ 'src/a.ts': ';\n'.repeat(301) }))).to.have.lengthOf(1)
    expect(tooLong(tree({ 'src/a.ts': ';\n'.repeat(300) }))).to.deep.equal([])
  })

  it('reject a third folder below src', () => {
    expect(tooDeep(tree({ 'src/a/b/c/d.ts': '' }))).to.have.lengthOf(1)
    expect(tooDeep(tree({ 'src/a/b/c.ts': '' }))).to.deep.equal([])
  })

  it('reject a face that exports all of something', () => {
    expect(facesThatExportAll(tree({ 'src/index.ts': "export * from './a.js'" }))).to.have.lengthOf(1)
    expect(facesThatExportAll(tree({ 'src/index.ts': "export type * from './a.js'" }))).to.have.lengthOf(1)
    expect(facesThatExportAll(tree({ 'src/index.ts': "export { a } from './a.js'" }))).to.deep.equal([])
  })

  it('reject tests that shut out the others, and notes to oneself', () => {
    expect(leftBehind(tree({ 'test/a.test.ts': "it.only('x', () => {})" }))).to.have.lengthOf(1)
    expect(leftBehind(tree({ 'test/a.test.ts': '// FIXME: later' }))).to.have.lengthOf(1)
    expect(leftBehind(tree({ 'test/a.test.ts': "it('x', () => {}) // the only one" }))).to.deep.equal([])
  })
})
