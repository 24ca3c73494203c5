import { readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { SharedCircuitBreaker } from '../../src/index.js'

const root = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('docs/breaker.md', root), 'utf8')

/** The cells of the row of `name` in the tables of options. */
function rowOf(name: string): string[] {
  const tables = page.slice(page.indexOf('## Options'))
  const row = tables.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
  return (row ?? '').split('|').map((cell) => cell.trim().replaceAll('`', ''))
}

/** Everything in the breaker's source that the expression matches. */
function inSource(expression: RegExp): string[] {
  const folder = new URL('src/breaker/', root)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const found = files.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').match(expression) ?? [])
  return [...new Set(found.map((text) => text.replaceAll("'", '')))]
}

function written(value: unknown): string {
  return inspect(value, { numericSeparator: true }).replaceAll("'", '')
}

describe('docs/breaker.md', () => {
  it('names each rule with the default that it has', () => {
    const breaker = SharedCircuitBreaker.create({ name: 'defaults' })
    const { configuration } = breaker.snapshot()
    breaker.detach()
    for (const [rule, value] of Object.entries(configuration)) {
      expect(rowOf(rule)[2]?.replaceAll("'", ''), rule).to.equal(written(value))
    }
  })

  it('names each rate of a growing wait with the default that it has', () => {
    const wait = { initialMs: 7 }
    const breaker = SharedCircuitBreaker.create({ name: 'defaults', waitDurationInOpenStateMs: wait })
    const { waitDurationInOpenStateMs } = breaker.snapshot().configuration
    breaker.detach()
    for (const [field, value] of Object.entries(waitDurationInOpenStateMs)) {
      expect(rowOf(field)[2], field).to.equal(field === 'initialMs' ? '' : written(value))
    }
  })

  it('names every code of an error or a warning', () => {
    const codes = inSource(/'(ERR|BUSBAR)_[A-Z_]+'/g)
    expect(codes).to.include.members(['ERR_CALL_NOT_PERMITTED', 'BUSBAR_PREDICATE_THREW'])
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).to.deep.equal([])
  })

  it('names every reason of a transition', () => {
    const log = readFileSync(new URL('src/breaker/life/transition-log.ts', root), 'utf8')
    const reasons = /const reasons = \[([^\]]+)\]/.exec(log)?.[1]?.match(/[a-z-]+/g) ?? []
    expect(reasons).to.include('stalled-calls')
    expect(reasons.filter((reason) => !page.includes(reason))).to.deep.equal([])
  })

  it('names every method', () => {
    const methods = Object.getOwnPropertyNames(SharedCircuitBreaker.prototype).filter((name) => name !== 'constructor')
    expect(methods).to.include('releaseThread')
    expect(methods.filter((method) => !new RegExp(`\\b${method}\\b`).test(page))).to.deep.equal([])
  })
})
