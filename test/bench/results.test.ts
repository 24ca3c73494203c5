import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { pageWith, type Results, resultsText } from '../../bench/results.js'
import { row } from '../../bench/row.js'

const root = new URL('../../../', import.meta.url)
const results: Results = {
  machine: {
    date: '2030-01-02T03:04:05.678Z',
    node: 'v20.0.0',
    v8: '11.3',
    platform: 'linux x64',
    processor: 'a processor',
    processors: 2,
    loadAverage: 0.5,
  },
  effort: 'thorough',
  rows: [
    row({
      title: 'a call',
      figures: [{ name: 'a call', value: 12.34567, unit: 'ns' }],
      reading: 'ours ÷ floor',
      result: 1.23456,
      unit: '×',
    }),
  ],
}
const page = 'before\n<!-- figures: npm run bench -- --publish -->\nold\n<!-- end of figures -->\nafter\n'

describe('the figures that are kept', () => {
  it('are as exact as they can be meant', () => {
    const kept = JSON.parse(resultsText(results)) as Results
    expect(kept.rows[0]).to.deep.include({ result: 1.235, figures: [{ name: 'a call', value: 12.35, unit: 'ns' }] })
    expect(kept.machine).to.deep.equal(results.machine)
  })

  it('take the place of the page’s old ones, and of nothing else', () => {
    const text = pageWith(page, results)
    expect(text)
      .to.match(/^before\n<!--/)
      .and.to.match(/-->\nafter\n$/)
    expect(text).to.include('2030-01-02, Node v20.0.0').and.to.include('| a call | a call 12.3 ns |')
    expect(text).not.to.include('old')
    expect(pageWith(text, results)).to.equal(text)
  })

  it('are not written to a page that has no place for them', () => {
    expect(() => pageWith('nothing', results)).to.throw('no place for figures')
  })

  it('are those that docs/benchmarks.md shows', async () => {
    const shown = await readFile(new URL('docs/benchmarks.md', root), 'utf8')
    const kept = JSON.parse(await readFile(new URL('docs/benchmarks.json', root), 'utf8')) as Results
    expect(pageWith(shown, kept)).to.equal(shown)
    expect(kept.effort).to.equal('thorough')
  })
})
