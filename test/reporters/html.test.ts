import { expect } from 'chai'
import type { Evidence } from '../../src/evidence.js'
import type { Report } from '../../src/report.js'
import type { RenderOptions } from '../../src/reporter.js'
import reporter from '../../src/reporters/html.js'
import type { Chart } from '../../src/reporting/charts/chart.js'
import { evidence, plan, report, worker } from '../evidence-builder.js'
import { sampledEvidence } from '../reporting/sampled-evidence.js'

const render = (reports: readonly Report[], options: Partial<RenderOptions> = {}) =>
  reporter.render(reports, { color: false, width: 80, ...options })
const page = (changes: Partial<Evidence> = {}, options: Partial<RenderOptions> = {}) =>
  render([report({ evidence: evidence(changes) })], options)
const charts = (text: string): Chart[] =>
  [...text.matchAll(/<script class="chart-data" type="application\/json">(.*?)<\/script>/g)].map(([, json = '']) =>
    JSON.parse(json),
  )
const headings = (text: string) => [...text.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, heading]) => heading)

const verdict = { question: 'Is it?', summary: 'a summary' }
const bad = { ...verdict, checker: 'bad', result: 'invalid' as const, details: ['the first finding'] }
const blind = { ...verdict, checker: 'blind', result: 'unknown' as const }

describe('reporter html', () => {
  it('has for each run what decides first, and then what is to be looked up', () => {
    const text = page({ notes: ['a note'], profiles: ['profiles/a.cpuprofile'] })
    expect(headings(text)).to.deep.equal([
      'Verdicts',
      'Over time',
      'Latency',
      'Memory',
      'Stages',
      'Threads and resources',
      'Files',
      'The same again',
      'Environment',
      'Notes',
      'Errors',
    ])
    expect(text).to.include('<pre class="command" tabindex="0">npx busbar run extreme-load-async --target shared</pre>')
  })

  it('has no heading for what has nothing to show', () => {
    const memory = { samples: [], baselineMb: 0, growthMb: 0, threadsGrowthMb: 0 }
    const shown = headings(page({ lastErrors: [], memory, stages: [] }))
    expect(shown).not.to.include.members(['Latency', 'Memory', 'Files', 'Notes', 'Errors', 'What each thread retains'])
  })

  it('jumps to the first failure: what is invalid before what is unknown', () => {
    const text = render([
      report({ result: 'unknown', verdicts: [blind] }),
      report({ result: 'invalid', verdicts: [blind, bad] }),
    ])
    expect(text).to.match(
      /<a class="jump" href="#run-2-bad">Jump to the first failure: bad, extreme-load-async on shared</,
    )
    expect(text).to.include('<li id="run-2-bad" class="is-invalid">').and.to.include('<li>the first finding</li>')
    expect(text.indexOf('class="jump"')).to.be.below(text.indexOf('<section'))
  })

  it('jumps to what is unknown if nothing is invalid, to a run that was cut short, and nowhere if all is well', () => {
    expect(render([report({ result: 'unknown', verdicts: [blind] })])).to.include('href="#run-1-blind"')
    const cut = report({ result: 'unknown', evidence: evidence({ interrupted: true }) })
    expect(render([report(), cut])).to.include('class="jump" href="#run-2"')
    expect(page()).not.to.include('class="jump"')
  })

  it('begins with a table of the runs where there are several, and compares those that can be compared', () => {
    const other = report({ evidence: evidence({ plan: plan({ target: 'opossum' }) }) })
    const text = render([report(), other])
    expect(text)
      .to.include('<a href="#run-2">extreme-load-async on opossum</a>')
      .and.to.include('<section class="run" id="run-2">')
    expect(text).to.include('how many calls reached the backend')
    expect(page()).not.to.include('href="#run-1"')
  })

  it('draws throughput with the circuit, latencies and memory, and says in words what each shows', () => {
    const text = page()
    expect(charts(text).map(({ across, left }) => `${across} ${left.unit}`)).to.deep.equal([
      'time calls/s',
      'percentile ms',
      'percentile ms',
      'time MB',
      'time MB',
    ])
    expect(text.match(/<figure class="chart" data-description="[^"]{20,}"/g)).to.have.lengthOf(5)
  })

  it('tells in tables what the charts show', () => {
    const text = page()
    expect(text).to.match(/<td class="start">steady<\/td>\s*<td>1,000<\/td>\s*<td>1<\/td>/)
    expect(text).to.include('p99.99 ms').and.to.include('5 transitions in figures')
    expect(text).to.match(/<td>2\.040<\/td>\s*<td class="start">closed<\/td>\s*<td class="start">open<\/td>/)
  })

  it('has what a soak found, where the plan is one', () => {
    const soak = { threads: [{ thread: 'worker-0', heapLimitBytes: 2 ** 30, samples: [], rests: [] }], sharedBytes: 0 }
    expect(headings(page({ soak }))).to.include('What each thread retains')
    expect(page({ soak })).to.match(/<td class="start">worker-0<\/td>/)
    expect(headings(page())).not.to.include('What each thread retains')
  })

  it('links the heap snapshots of a soak, each once', () => {
    const snapshot = { file: 'profiles/x.heapsnapshot', bytes: 1, pauseMs: 1 }
    const resources = { handles: {}, timers: 0, ports: 0, listeners: 0 }
    const rest = { stage: 0, atMs: 0, usedBytes: 1, externalBytes: 1, pauseMs: 1, resources, snapshot }
    const threads = [{ thread: 'worker-0', heapLimitBytes: 2 ** 30, samples: [], rests: [rest, rest] }]
    expect(page({ soak: { threads, sharedBytes: 0 } }).match(/href="\.\/profiles\/x\.heapsnapshot"/g)).to.have.lengthOf(
      1,
    )
  })

  it('links files relative to itself, the JSON report and the history if there are any', () => {
    const profiles = ['profiles/a b.cpuprofile', '/elsewhere/c#1.cpuprofile']
    const text = page(
      { profiles },
      {
        file: 'reports/today/page.html',
        otherFiles: { json: 'reports/today/page.json', history: 'history.jsonl', markdown: 'reports/today/page.md' },
      },
    )
    expect(text).to.include('<a href="./page.json">reports/today/page.json</a>')
    expect(text).to.include('<a href="./../../history.jsonl">history.jsonl</a>').and.not.include('page.md')
    expect(text)
      .to.include('href="./../../profiles/a%20b.cpuprofile"')
      .and.to.match(/href="\.\/[./]*elsewhere\/c%231\.cpuprofile"/)
    expect(page({ profiles })).to.include('href="./profiles/a%20b.cpuprofile"').and.not.include('page.json')
  })

  it('keeps whatever messages and names hold from being taken for markup', () => {
    const hostile = '</script><img src=x onerror="alert(1)">'
    const stage = { ...(evidence().stages[1] as Evidence['stages'][number]), name: hostile }
    const text = render([
      report({
        command: hostile,
        verdicts: [{ checker: hostile, question: hostile, result: 'invalid', summary: hostile, details: [hostile] }],
        skipped: [{ checker: hostile, reason: hostile }],
        evidence: evidence({
          stages: [stage],
          notes: [hostile],
          profiles: [hostile],
          lastErrors: [{ name: 'Error', message: hostile, stack: hostile }],
          plan: plan({ target: hostile, scenario: hostile }),
          workers: [worker(0, 1, {}, { end: 'failed', error: { name: 'Error', message: hostile } })],
        }),
      }),
    ])
    expect(text).not.to.include('<img')
    expect(text.match(/<script/g)?.length).to.equal(text.match(/<\/script>/g)?.length)
    expect(charts(text)[0]?.stages[0]?.name).to.equal(hostile)
  })

  it('forbids every request, and holds no address to ask', () => {
    const text = page()
    expect(text).to.include(`content="default-src 'none';`)
    expect(text).not.to.match(/<(script|img|iframe|link)[^>]*\s(src|href)="(?!data:,")/)
    expect(text).not.to.match(/sourceMappingURL|@import|url\(/)
  })

  it('is below 2 MB for ten minutes of eight threads with a breaker each that never come to rest', () => {
    const long = { durationMs: 600_000, everyMs: 200, workers: 8, own: true, transitions: 20_000 }
    const text = render([report({ evidence: sampledEvidence(long) })])
    expect(Buffer.byteLength(text)).to.be.below(2_000_000)
    for (const { x, bands } of charts(text)) {
      expect(x.length).to.be.at.most(1502)
      for (const { spans } of bands) expect(spans.length).to.be.at.most(2000)
    }
    expect(text).to.include('1,500 of 3,000 samples are drawn')
  })

  it('grows little with the number of runs', () => {
    const long = { durationMs: 600_000, everyMs: 200, workers: 8, own: false, transitions: 300 }
    const reports = Array.from({ length: 20 }, () => report({ evidence: sampledEvidence(long) }))
    expect(Buffer.byteLength(render(reports))).to.be.below(3_000_000)
  })
})
