import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { CostCircuitBreaker } from '../../src/budget.js'

const root = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('docs/budgets.md', root), 'utf8')

describe('docs/budgets.md', () => {
  it('names every code of an error or a warning of cost breakers', () => {
    const folder = new URL('src/budget/cost/', root)
    const text = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
    const codes = [...new Set(text.join('').match(/(?<=')(ERR|BUSBAR)_[A-Z_]+(?=')/g))]
    expect(codes).to.include.members(['ERR_COST_REFUSED', 'BUSBAR_COST_FUNCTION'])
    expect(codes.filter((code) => !page.includes(`\`${code}\``) && code !== 'ERR_BUDGET_NOT_GRANTED')).to.deep.equal([])
  })

  it('names the defaults that options have', () => {
    const breaker = CostCircuitBreaker.create({
      name: 'defaults',
      ledger: { budgets: [{ per: 'day', limit: 1 }] },
      estimator: { operations: [{ name: 'ask', defaultAmount: 1 }] },
      onRuleError: 'refuse',
    })
    const { accounts, budgetLimitedFrom, auditCapacity, slots } = breaker.handle.control.settings
    breaker.detach()
    expect(page).to.include(`| \`accounts\` | \`['${accounts[0]}']\` |`)
    expect(page).to.include(`| \`budgetLimitedFrom\` | ${budgetLimitedFrom} |`)
    expect(page).to.include(`| \`auditCapacity\` | ${auditCapacity.toLocaleString('en')} |`)
    expect(page).to.include(`| \`maxThreads\` | ${slots} |`)
  })
})
