import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import type { Evidence } from '../../src/evidence.js'
import { judge } from '../../src/judge.js'
import type { Report } from '../../src/report.js'
import reporter from '../../src/reporters/console.js'
import { circuit, evidence, plan, report, transitions, worker } from '../evidence-builder.js'

const render = (reports: readonly Report[], width = 100) => reporter.render(reports, { color: false, width })
const text = (changes: Partial<Evidence> = {}, width = 100) => render([report({ evidence: evidence(changes) })], width)
/** A line of a table, with its gaps closed. */
const rows = (output: string) => output.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '))

/** A dead backend under one target: the shared breaker lets 22 calls through, breakers of their own 220. */
function dead(target: string, ratePerSecond = 40): Report {
  const shared = target === 'shared'
  const views = shared ? [circuit()] : [circuit({ view: 0 }), circuit({ view: 1, transitions: [] })]
  const workers = [worker(0, 1000, { refused: 1000 }), worker(1, 1000, { refused: 1000 })]
  const { firstRefusalAtMs: _, ...unaware } = workers[1] ?? worker(1, 0, {})
  return report({
    evidence: evidence({
      plan: plan({ scenario: 'dead-backend', target, load: { model: 'open', ratePerSecond } }),
      downstream: { kind: 'http', receivedByStage: [100, 0, shared ? 22 : 220, 0, 0], received: 1000 },
      circuits: views,
      workers: shared ? workers : [workers[0] ?? unaware, unaware],
    }),
  })
}

describe('reporter console', () => {
  it('heads each report with its verdict, scenario and target', () => {
    const output = render([report(), report({ result: 'invalid' }), report({ result: 'unknown' })])
    const headings = output.split('\n').filter((line) => /^[A-Z]/.test(line))
    expect(headings).to.deep.equal(
      ['VALID', 'INVALID', 'UNKNOWN'].map((word) => `${word}  extreme-load-async on shared`),
    )
  })

  it('says what was run, where, and that it was cut short', () => {
    expect(text()).to.include('2 workers, 150 in flight, async, simulated backend, seed 1 · 4 s · 2 cores')
    expect(text({ interrupted: true })).to.include('interrupted: what ran is reported')
  })

  it('names the profiles; of many, what their names begin with and how many there are', () => {
    const files = (count: number) =>
      Array.from({ length: count }, (_, worker) => `profiles/x.y.z.worker-${worker}.cpuprofile`)
    expect(text({ profiles: files(2) })).to.match(/profiles +profiles\/x\.y\.z\.worker-0\.cpuprofile\n +profiles\/x/)
    expect(text({ profiles: files(12) })).to.match(/profiles +profiles\/x\.y\.z\.worker-\*\n +12 files\n/)
  })

  it('tells that threads stood still, and of which for how long', () => {
    const pauses = [
      { thread: 'coordinator', pauseMs: 20 },
      { thread: 'worker-0', pauseMs: 1500 },
    ]
    expect(text({ pauses })).to.match(/pauses +2 threads stood still to be looked at, worker-0 the longest: 1\.5 s;/)
    expect(text()).not.to.include('stood still')
  })

  it('gives the deciding figures of each verdict, findings only where it is not valid, and the skipped apart', () => {
    const verdict = { question: '', summary: 'a summary', details: ['a finding'] }
    const verdicts = [
      { ...verdict, checker: 'good', result: 'valid' as const },
      { ...verdict, checker: 'bad', result: 'invalid' as const },
      { ...verdict, checker: 'blind', result: 'unknown' as const },
    ]
    const lines = rows(render([report({ verdicts, skipped: [{ checker: 'idle', reason: 'no circuit' }] })]))
    expect(lines).to.include.members(['✓ | good | a summary', '✗ | bad | a summary', '? | blind | a summary'])
    expect(lines).to.include('– | idle | not asked: no circuit')
    expect(lines.filter((line) => line === '· a finding')).to.have.lengthOf(2)
  })

  it('has a row of calls for each stage, and the latency of refusals apart', () => {
    const lines = rows(text())
    expect(lines).to.include('steady | 1 s | 1,000 | 950 | 50 | 0 | 0 | 0 | 1,000 | 0.95')
    expect(lines).to.include('outage | 1 s | 500 | 0 | 20 | 0 | 478 | 2 | 22')
    expect(lines).to.include('steady | 1,000 | 1 | 5 | 5 | 10 | 15 | 20 | 22.5 | 25')
    expect(lines.slice(lines.indexOf('latency of the refusals'))).to.include(
      'outage | 478 | 0.002 | 0.01 | 0.01 | 0.02 | 0.03 | 0.04 | 0.045 | 0.05',
    )
  })

  it('tells the transitions with their times, at most twelve', () => {
    expect(text()).to.include('closed → open at 2.04 s (#1) → half-open at 2.24 s (#0)')
    const log = [...transitions(), ...transitions(), ...transitions()]
    const output = text({ circuits: [circuit({ transitions: log })] })
    expect(output.match(/ at\s+\d/g)).to.have.lengthOf(12)
    expect(output).to.include('… 3 more, ended closed')
  })

  it('shows at most eight views', () => {
    const circuits = Array.from({ length: 20 }, (_, view) => circuit({ view, transitions: [] }))
    expect(text({ circuits })).to.include('#7: closed throughout').and.to.include('… 12 more views')
  })

  it("tells memory with the threads' share, and what reached the backend", () => {
    expect(text()).to.include('80 MB with the pool warm, then at most 12 MB more: 8 MB the threads')
    expect(text()).to.include('1,522 calls reached it (warm-up 100, steady 1,000, outage 22, recovery 400)')
  })

  it('names the workers that died with what they had in flight', () => {
    const workers = [
      worker(0, 10, {}, { end: 'killed', lost: 3 }),
      worker(1, 10, {}, { end: 'failed', lost: 1, error: { name: 'Error', message: 'out of memory' } }),
    ]
    expect(text({ workers })).to.include('#0 killed, 3 calls in flight lost')
    expect(text({ workers })).to.include('#1 failed, 1 call in flight lost: out of memory')
    const many = Array.from({ length: 100 }, (_, index) => worker(index, 1, {}, { end: 'killed', lost: 2 }))
    expect(text({ workers: many }))
      .to.include('100 workers, 200 calls in flight lost')
      .and.to.include('… 92 more workers')
  })

  it('counts the last errors that are the same', () => {
    expect(text()).to.include('2 × ERR_DOWNSTREAM_ERROR: the downstream answered 500')
  })

  it('survives what a message of an error may hold', () => {
    expect(text({ lastErrors: [{ name: 'Error', message: 'tab\there\u0007\u001b[2J' }] })).to.include('Error: tab here')
  })

  it('ends with the command, on one line however long it is', () => {
    const command = `npx busbar run ${'x'.repeat(200)}`
    expect(render([report({ command })])).to.match(new RegExp(`again +${command}\n$`))
  })

  it('compares reports of one scenario that differ by target, the shared breaker first', () => {
    const lines = rows(render([dead('opossum'), dead('shared')], 120))
    expect(lines[0]).to.equal('dead-backend: how many calls reached the backend')
    expect(lines[2]).to.equal('shared | 40/s | 1,900 | 22 | 1 | 478 | #0 50 ms | #1 51 ms | 1 of 1')
    expect(lines[3]).to.equal('opossum | 40/s | 1,900 | 220 | 10 | 478 | #0 50 ms | 1 never | 1 of 2')
  })

  it('compares only what had the same load', () => {
    const output = render([dead('shared', 40), dead('opossum', 40), dead('shared', 800), dead('opossum', 800)], 120)
    const compared = rows(output).filter((line) => /^(shared|opossum) \|/.test(line))
    expect(compared.map((line) => line.split(' | ').slice(0, 2).join(' '))).to.deep.equal([
      'shared 40/s',
      'opossum 40/s',
      'shared 800/s',
      'opossum 800/s',
    ])
  })

  it('compares nothing when there is one report, or the same one again', () => {
    expect(render([dead('shared')])).not.to.include('how many calls')
    expect(render([dead('shared'), dead('shared')])).not.to.include('how many calls')
  })

  for (const width of [60, 80, 100, 160]) {
    it(`keeps to ${width} columns, but for the command`, async () => {
      const reports = [await judge(evidence()), await judge(dead('opossum').evidence), dead('shared')]
      const lines = render(reports, width).split('\n')
      const long = lines.filter((line) => line.length > width && !/^ {2}again /.test(line))
      expect(long).to.deep.equal([])
    })
  }

  it('tells what the engine itself cost, and how late it was at the worst', () => {
    const delay = (p99Ms: number) => ({ meanMs: 0.1, p99Ms, maxMs: 3 * p99Ms })
    const threads = [
      {
        thread: 'coordinator',
        stages: [0, 1].map((stage) => ({ stage, utilization: 0.1, delay: delay(2 + stage), cpuMs: 10 })),
      },
      { thread: 'worker-0', stages: [{ stage: 0, utilization: 0.9, cpuMs: 180 }] },
    ]
    expect(text({ threads }, 160)).to.match(
      /engine +the coordinator took 10 % of the processor time of all threads, its timers up to 9 ms late, p99 3 ms/,
    )
    expect(text()).not.to.match(/^ *engine/m)
  })

  it('is of a valid run the verdict alone where it is to be brief, and all of any other', () => {
    const brief = (result: Report['result']) =>
      reporter.render([report({ result })], { color: false, width: 100, brief: true }).trimEnd()
    expect(brief('valid')).to.equal('VALID  extreme-load-async on shared')
    expect(brief('invalid').split('\n').length).to.be.above(10)
  })

  it('says which columns a narrow terminal cost', () => {
    expect(text({}, 60)).to.match(/\(too narrow for: .*p99\.9 ms/)
    expect(text({}, 100)).not.to.include('too narrow')
  })

  it('colours only where it may, and says the same with and without', () => {
    const reports = [dead('shared'), dead('opossum')]
    const coloured = reporter.render(reports, { color: true, width: 100 })
    expect(coloured).to.include('\u001b[')
    expect(render(reports)).not.to.include('\u001b[')
    expect(stripVTControlCharacters(coloured)).to.equal(render(reports))
  })
})
