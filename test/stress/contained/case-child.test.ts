import { expect } from 'chai'
import type { ExhaustionCase } from '../../../src/exhaustion-case.js'
import { nobody } from '../../../src/exhaustion-case.js'
import { type CaseChildOptions, runCase } from '../../../src/stress/contained/case-child.js'
import { TemporaryFolder } from '../../temporary-folder.js'
import { smallPlan } from '../fixtures/plans.js'

const entry = new URL('../fixtures/case-ends.js', import.meta.url)
const used: ExhaustionCase = {
  missing: () => undefined,
  nodeOptions: ['--max-old-space-size=64'],
  open: async () => nobody,
  operation: () => ({ async run() {}, async close() {} }),
}

describe('the process of a case', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  const ended = (how: string, options: Partial<CaseChildOptions> = {}) => {
    const plan = smallPlan({ scenario: how, stages: [{ name: 'short', role: 'steady', durationMs: 1 }], timeoutMs: 1 })
    return runCase(plan, used, { folder: folder.path, entry, endLimitMs: 200, ...options })
  }

  it('is told by its signal and its last words where it aborts', async () => {
    const { process, evidence } = await ended('aborts')
    expect(process).to.deep.equal({
      end: 'ended',
      signal: 'SIGABRT',
      endedByItself: true,
      lastWords: 'FATAL ERROR: it is full',
    })
    expect(evidence).to.equal(undefined)
  })

  it('is told by its exit code where it ends without a word', async () => {
    expect((await ended('exits')).process).to.deep.equal({ end: 'ended', exitCode: 3, endedByItself: true })
  })

  for (const how of ['silent', 'blocked']) {
    it(`is killed where it takes longer than it may: ${how}`, async () => {
      const { process } = await ended(how, { besideStagesMs: 500 })
      expect(process).to.deep.equal({ end: 'silent', signal: 'SIGKILL', endedByItself: false })
    })

    it(`is killed where it doesn’t stop when the run is interrupted: ${how}`, async () => {
      const interrupting = new AbortController()
      const ending = ended(how, { signal: interrupting.signal })
      interrupting.abort()
      expect((await ending).process).to.include({ end: 'silent', signal: 'SIGKILL' })
    })
  }

  it('is killed where something keeps it alive after its report, and that is told', async () => {
    const { process } = await ended('lingers')
    expect(process).to.deep.equal({
      end: 'failed',
      signal: 'SIGKILL',
      endedByItself: false,
      lastWords: 'it could not',
    })
  })

  it('writes to its own folder, and heeds no limit of the heap but its case’s', async () => {
    const { NODE_OPTIONS: before } = process.env
    const { process: told } = await ended('tells', { endLimitMs: 5000 })
    expect(JSON.parse(told.lastWords ?? '')).to.deep.equal({
      folder: folder.path,
      options: '',
      words: ['--max-old-space-size=64'],
    })
    expect(process.env.NODE_OPTIONS).to.equal(before)
  })

  it('is told to have failed where there is no program to start', async () => {
    const { process } = await ended('none', { entry: new URL('file:///no/such/entry.js') })
    expect(process).to.deep.include({ end: 'ended', exitCode: 1 })
    expect(process.lastWords).to.be.a('string')
  })
})
