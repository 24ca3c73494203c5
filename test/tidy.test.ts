import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { importCycles, orphans, plugInsThatImportPlugIns, upwardImports } from './tidy/layers.js'
import {
  facesThatExportAll,
  leftBehind,
  sharedMemoryElsewhere,
  timeAndChanceElsewhere,
  tooDeep,
  tooLong,
} from './tidy/rules.js'
import { modulesUnder, type SourceModule } from './tidy/source-module.js'

/** The layers themselves are a table in tidy/layers.ts; each rule is shown to reject in tidy/rules.test.ts. */
describe('the source', () => {
  let source: SourceModule[] = []
  let tests: SourceModule[] = []

  before(() => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    source = modulesUnder(root, ['src', 'workers'])
    tests = modulesUnder(root, ['test'])
  })

  const none = (broken: readonly string[]) => expect(broken.join('\n')).to.equal('')

  it('has no import cycles', () => none(importCycles(source)))
  it('imports downward only', () => none(upwardImports(source)))
  it('has plug-ins that never import one another', () => none(plugInsThatImportPlugIns(source)))
  it('touches shared memory under src/memory only', () => none(sharedMemoryElsewhere(source)))
  it('asks for time and chance under src/world only', () => none(timeAndChanceElsewhere(source)))
  it('has no file that nobody imports', () => none(orphans(source)))
  it('has no file of more than 300 lines', () => none(tooLong([...source, ...tests])))
  it('is at most two folders deep', () => none(tooDeep(source)))
  it('has faces that name what they export', () => none(facesThatExportAll(source)))
  it('has tests in which nothing was left behind', () => none(leftBehind(tests)))
})
