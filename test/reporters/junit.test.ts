import { expect } from 'chai'
import { SaxesParser } from 'saxes'
import type { Report } from '../../src/report.js'
import reporter from '../../src/reporters/junit.js'
import { evidence, report } from '../evidence-builder.js'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** The root, by a parser that refuses whatever is no well-formed XML. */
function parsed(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes } as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  for (const event of ['text', 'cdata'] as const) {
    parser.on(event, (text) => {
      const last = open.at(-1)
      if (last) last.text += text
    })
  }
  parser.write(xml).close()
  return root.children[0] as Element
}

const render = (...reports: readonly Report[]) => parsed(reporter.render(reports, { color: true, width: 80 }))
const all = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])

const verdict = { question: 'Is it?', summary: 'a summary' }
const mixed = report({
  result: 'invalid',
  verdicts: [
    { ...verdict, checker: 'good', result: 'valid' },
    { ...verdict, checker: 'bad', result: 'invalid', details: ['call 1 is lost', 'call 2 is lost'] },
    { ...verdict, checker: 'blind', result: 'unknown' },
  ],
  skipped: [{ checker: 'idle', reason: 'no circuit' }],
})

describe('reporter junit', () => {
  it('has a suite for each report and a case for each verdict: invalid fails, unknown is an error, skipped is skipped', () => {
    const root = render(mixed, report())
    const counts = ({ attributes: { tests, failures, errors, skipped } }: Element) => [tests, failures, errors, skipped]
    expect(root.name).to.equal('testsuites')
    expect(counts(root)).to.deep.equal(['5', '1', '1', '1'])
    expect(all(root, 'testsuite').map(counts)).to.deep.equal([
      ['4', '1', '1', '1'],
      ['1', '0', '0', '0'],
    ])
    const outcomes = all(root, 'testcase').map(({ attributes, children }) => [attributes.name, children[0]?.name])
    expect(outcomes).to.deep.equal([
      ['good', undefined],
      ['bad', 'failure'],
      ['blind', 'error'],
      ['idle', 'skipped'],
      ['conservation', undefined],
    ])
  })

  it('counts what it holds', () => {
    const root = render(mixed, report(), mixed)
    for (const suite of all(root, 'testsuite')) {
      expect(suite.attributes.tests).to.equal(String(all(suite, 'testcase').length))
      expect(suite.attributes.failures).to.equal(String(all(suite, 'failure').length))
      expect(suite.attributes.errors).to.equal(String(all(suite, 'error').length))
      expect(suite.attributes.skipped).to.equal(String(all(suite, 'skipped').length))
    }
  })

  it('tells with a failure what was asked, what decided, and each finding', () => {
    const [failure] = all(render(mixed), 'failure')
    expect(failure?.attributes).to.include({ message: 'a summary', type: 'invalid' })
    expect(failure?.text).to.equal('Is it?\na summary\ncall 1 is lost\ncall 2 is lost')
  })

  it('tells at most two hundred findings, and how many more there are', () => {
    const details = Array.from({ length: 250 }, (_, index) => `finding ${index}`)
    const [failure] = all(
      render(report({ verdicts: [{ ...verdict, checker: 'bad', result: 'invalid', details }] })),
      'failure',
    )
    expect(failure?.text).to.include('finding 199').and.to.include('… 50 more findings').and.not.include('finding 200')
  })

  it('has a case for a run that is worse than its verdicts: cut short, or with nothing to ask', () => {
    const cut = report({ result: 'unknown', evidence: evidence({ interrupted: true }) })
    const empty = report({ result: 'unknown', verdicts: [] })
    for (const one of [cut, empty]) {
      const cases = all(render(one), 'testcase')
      expect(cases.at(-1)?.attributes.name).to.equal('run')
      expect(cases.at(-1)?.children[0]?.name).to.equal('error')
    }
  })

  it('has command, seed and environment as properties, and the times of the run', () => {
    const [suite] = all(render(report()), 'testsuite')
    const properties = Object.fromEntries(
      (suite ? all(suite, 'property') : []).map(({ attributes: { name, value } }) => [name, value]),
    )
    expect(properties).to.include({
      command: 'npx busbar run extreme-load-async --target shared',
      seed: '1',
      node: 'v20.20.0',
      cores: '2',
    })
    expect(suite?.attributes).to.include({ time: '4.000', timestamp: '2026-01-02T03:04:05' })
  })

  it('survives whatever a message may hold: markup, control characters, colours, halves of characters, ends of sections', () => {
    const hostile = '<b a="1"> & \' ]]> \u0000\u0007\u001b[31mred\u001b[0m \ud800 \uffff \u{1f600}'
    const root = render(
      report({
        result: 'invalid',
        command: hostile,
        verdicts: [{ checker: 'bad', question: hostile, result: 'invalid', summary: hostile, details: [hostile] }],
      }),
    )
    const [failure] = all(root, 'failure')
    expect(failure?.attributes.message).to.match(/^<b a="1"> & ' \]\]> +red +\u{1f600}$/u)
    expect(failure?.text.split('\n')).to.have.lengthOf(3)
  })

  it('is whole without a report', () => {
    expect(render().attributes).to.include({ tests: '0', failures: '0', time: '0.000' })
  })
})
