import { expect } from 'chai'
import type { Evidence } from '../../src/evidence.js'
import type { Report } from '../../src/report.js'
import reporter from '../../src/reporters/markdown.js'
import { evidence, plan, report } from '../evidence-builder.js'

const render = (...reports: readonly Report[]) => reporter.render(reports, { color: true, width: 80 })
const bad = {
  checker: 'bad',
  question: '',
  result: 'invalid' as const,
  summary: 'two are lost',
  details: ['the first'],
}
const on = (target: string, changes: Partial<Report> = {}, more: Partial<Evidence> = {}) =>
  report({ ...changes, evidence: evidence({ plan: plan({ target }), ...more }) })

describe('reporter markdown', () => {
  it('begins with the worst verdict and a table of all runs', () => {
    const lines = render(on('shared'), on('opossum', { result: 'invalid', verdicts: [bad] })).split('\n')
    expect(lines[0]).to.equal('## ❌ Busbar: invalid, 2 runs')
    expect(lines[2]).to.equal('| verdict | scenario | target | load | time | calls/s | p99 ms |')
    expect(lines[3]).to.equal('| :-- | :-- | :-- | :-- | --: | --: | --: |')
    expect(lines[4]).to.equal('| ✅ valid | extreme-load-async | shared | 150 in flight | 4 s | 1,000 | 15 |')
    expect(lines[5]).to.match(/^\| ❌ invalid \| extreme-load-async \| opossum \|/)
  })

  it('has for each run its verdicts, what was found folded, the stages, and the command', () => {
    const text = render(
      on('opossum', { result: 'invalid', verdicts: [bad], skipped: [{ checker: 'idle', reason: 'none' }] }),
    )
    expect(text).to.include('### ❌ extreme-load-async on opossum: invalid')
    expect(text).to.include('| ❌ invalid | bad | two are lost |').and.to.include('| – | idle | not asked: none |')
    expect(text).to.include('<details><summary>❌ bad: 1 finding</summary>\n\n- the first\n\n</details>')
    expect(text).to.match(/\| steady \| 1,000 \| 1 \| 5 \| 5 \| 10 \| 15 \| 20 \| 22\.5 \| 25 \|/)
    expect(text).to.match(/```sh\nnpx busbar run extreme-load-async --target shared\n```\n$/)
  })

  it('opens as many details as it closes, each with an empty line inside, or GitHub would not read what is in it', () => {
    const text = render(on('shared'), on('opossum', { result: 'invalid', verdicts: [bad] }))
    const count = (pattern: RegExp) => text.match(pattern)?.length
    expect(count(/<details>/g))
      .to.equal(count(/<\/details>/g))
      .and.to.equal(3)
    expect(count(/<\/summary>\n\n/g)).to.equal(3)
    expect(count(/\n\n<\/details>/g)).to.equal(3)
  })

  it('keeps text from being taken for markup, a cell or a mention', () => {
    const summary = 'a|b\n<img src=x> `code` [a](b) *c* @somebody #12 https://example.com'
    const text = render(report({ verdicts: [{ ...bad, result: 'unknown', summary, details: [summary] }] }))
    const row = text.split('\n').find((line) => line.includes('| bad |')) ?? ''
    expect(row.match(/\|/g)).to.have.lengthOf(4)
    expect(text).not.to.match(/<img|`code|\[a\]|\*c\*|@somebody|(?<!&)#12|https:\/\//)
    expect(row).to.include('&lt;img src=x&#62;').and.to.include('a&#124;b ')
  })

  it('encloses a command that has a fence in it in a longer one', () => {
    expect(render(report({ command: 'x ```` y' }))).to.include('`````sh\nx ```` y\n`````')
  })

  it('stays below what GitHub takes, whatever comes, leaves out whole parts, and says so', () => {
    const details = Array.from({ length: 50 }, () => '€<'.repeat(5000))
    const large = on('shared', { result: 'invalid', verdicts: [bad, { ...bad, checker: 'worse', details }] })
    for (const reports of [
      Array.from({ length: 300 }, () => large),
      [on('shared', { command: 'x'.repeat(2 ** 20) })],
      [on('shared', {}, { notes: Array.from({ length: 20 }, () => 'y'.repeat(2 ** 18)) })],
    ]) {
      const text = render(...reports)
      expect(Buffer.byteLength(text)).to.be.below(2 ** 20)
      expect(text.match(/<details>/g)?.length ?? 0).to.equal(text.match(/<\/details>/g)?.length ?? 0)
    }
    expect(render(...Array.from({ length: 3000 }, () => large))).to.match(/Cut here: .* [\d,]+ runs left out/)
    expect(render(on('shared', { command: 'x'.repeat(2 ** 20) }))).to.include('1 run left out, or a part of it')
    expect(render(large)).not.to.include('Cut here')
  })
})
