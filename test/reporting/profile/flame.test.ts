import { expect } from 'chai'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import { type FlameNode, flameData } from '../../../src/reporting/profile/flame-data.js'
import { flamePage } from '../../../src/reporting/profile/flame-page.js'
import { flameScripts } from '../../../src/reporting/profile/flame-scripts.js'
import { flameSection } from '../../../src/reporting/profile/flame-section.js'
import {
  allocationProfile,
  allocations,
  call,
  coordinator,
  cpuProfile,
  idle,
} from '../../profiler/analysis/profiles.js'

const mine = call('mine', 'file:///app/mine.js', 3)
const rare = call('rare', 'file:///app/rare.js', 5)
const hostile = call('</script><img src=x onerror=alert(1)>', 'file:///app/"&<b>.js', 1)

const analyses = analyseProfiles([
  cpuProfile('coordinator', [
    [1, [coordinator]],
    [9, [idle]],
  ]),
  cpuProfile('worker-0', [
    [9990, [mine]],
    [1, [mine, rare]],
    [9, [hostile]],
  ]),
])

function sumOf([, , self, children = []]: FlameNode): number {
  return children.reduce((sum, child) => sum + sumOf(child), self)
}

describe('the data of a flame graph', () => {
  it('is of all threads together first, then of each', () => {
    const [analysis] = analyses
    expect(analysis && flameData(analysis).threads.map(({ thread }) => thread)).to.deep.equal([
      'all threads',
      'coordinator',
      'worker-0',
    ])
  })

  it('gives to the caller what is too narrow to be seen, and loses no time', () => {
    const [analysis] = analyses
    if (!analysis) throw new Error('nothing was analysed')
    const { frames, threads } = flameData(analysis)
    expect(frames.map(([name]) => name))
      .to.include('mine')
      .and.not.include('rare')
    expect(threads.map(({ root }) => sumOf(root))).to.deep.equal([10_010_000, 10_000, 10_000_000])
  })
})

describe('a function without a name in a flame graph', () => {
  it('is called after its file and line, if it has them', () => {
    const stack = [call('', 'file:///app/mine.js', 3), call('')]
    const [analysis] = analyseProfiles([cpuProfile('worker-0', [[1, stack]])])
    expect(analysis && flameData(analysis).frames.slice(1)).to.deep.equal([
      ['(anonymous) mine.js:3', '/app/mine.js:3'],
      ['(anonymous)', ''],
    ])
  })
})

describe('the section of flame graphs', () => {
  it('has a graph for each kind of profile, and its scripts once', () => {
    const heap = allocationProfile('worker-0', allocations(call('(root)'), 0, allocations(mine, 5_000_000)))
    const { html, scripts } = flameSection(analyseProfiles([heap, cpuProfile('worker-0', [[1, [mine]]])]))
    expect(html.match(/<section class="flame"/g)).to.have.lengthOf(2)
    expect(html).to.include('CPU time').and.to.include('Memory allocated and still held').and.to.include('5 MB')
    expect(scripts.filter((script) => script.includes('flamegraph={}'))).to.have.lengthOf(1)
  })

  it('tells the shares and the costliest functions without a script', () => {
    const { html } = flameSection(analyses)
    expect(html).to.match(/worker-0<\/th>/)
    expect(html).to.match(/<td>99\.9<\/td><td>99\.9<\/td><td class="flame-name">mine<small>\/app\/mine\.js:3<\/small>/)
  })

  it('keeps names of functions and files from being taken for markup', () => {
    const { html } = flameSection(analyses)
    expect(html).not.to.include('<img')
    expect(html).to.include('&lt;/script&gt;&lt;img').and.to.include('/app/&quot;&amp;&lt;b&gt;.js')
    const data = /<script class="flame-data" type="application\/json">(.*?)<\/script>/.exec(html)?.[1] ?? ''
    expect(JSON.parse(data).frames).to.deep.include([hostile.functionName, '/app/"&<b>.js:1'])
  })
})

describe('the page of flame graphs', () => {
  it('holds the component and what it needs, each package after those that it needs', () => {
    const scripts = flameScripts()
    const at = (name: string) => scripts.findIndex((script) => script.includes(`/${name}/ v`))
    expect(at('d3-selection')).to.be.at.least(0).and.below(at('d3-transition'))
    expect(at('d3-interpolate')).to.be.above(at('d3-color')).and.below(at('d3-scale'))
    expect(scripts.at(-2)).to.include('flamegraph={}')
    expect(scripts.at(-1)).to.match(/^\(function showFlames\(browser\).*\)\(globalThis\)$/s)
  })

  it('forbids every request, and holds no address to ask', () => {
    const page = flamePage(analyses, 'a & b')
    expect(page).to.include(`content="default-src 'none';`)
    expect(page).to.not.match(/<(script|img|iframe)[^>]*\ssrc=/)
    expect(page).to.not.include('sourceMappingURL')
    expect(page.match(/<link[^>]*>/g)).to.deep.equal(['<link rel="icon" href="data:,">'])
    expect(page).to.include('<title>a &amp; b</title>')
  })

  it('ends no script before its end', () => {
    const page = flamePage(analyses, 'title')
    expect(page.match(/<script/g)?.length).to.equal(page.match(/<\/script>/g)?.length)
  })
})
