import type { Checker, Judgement } from '../checker.js'
import { number, plural } from '../reporting/figures.js'
import { money, sumOf } from '../reporting/spending.js'
import { overspentIn } from '../spending/samples.js'
import type { SpendingAccount } from '../spending.js'

const checker: Checker = {
  name: 'never-overspent',
  question:
    'Was never more committed than a budget’s limit, at any look and at the end, by the ledger and by its threads’ records?',

  applies({ spending }) {
    return spending !== undefined || 'calls cost nothing'
  },

  check({ plan, spending }): Judgement {
    const accounts = spending?.accounts ?? []
    const permitted = plan.spending?.permitted ?? 0
    const details = accounts.flatMap((account) => findings(account, permitted))
    const looks = accounts.reduce((sum, { samplesTaken }) => sum + samplesTaken, 0)
    const summary = accounts.map((account) => summaryOf(account, permitted)).join('; ')
    if (details.length > 0) return { result: 'invalid', summary, details }
    if (looks === 0) return { result: 'unknown', summary: 'nobody looked while money was spent' }
    return { result: 'valid', summary: `${summary}; ${plural(looks, 'look')}` }
  },
}

function findings(account: SpendingAccount, permitted: number): string[] {
  const { key, samples, atEnd, afterExpiry } = account
  const lines = [...samples, atEnd, afterExpiry].flatMap((sample) => {
    return overspentIn(sample).map((line) => `${key}, ${number(sample.atMs)} ms: ${line}`)
  })
  const covered = coveredOf(account)
  if (covered <= permitted) return lines
  const over = money(covered - permitted)
  return [`${key}: ${over} more was spent than its budgets permit in all, ${money(permitted)}`, ...lines]
}

/** What is certain to have been spent with leave: what a dead thread was about to settle may not have been. */
function coveredOf(account: SpendingAccount): number {
  return sumOf(account, 'spent') - sumOf(account, 'overrun')
}

function summaryOf(account: SpendingAccount, permitted: number): string {
  const overrun = sumOf(account, 'overrun')
  const beyond = overrun > 0 ? ` and ${money(overrun)} beyond, of calls that cost more than they reserved` : ''
  return `${account.key}: ${money(coveredOf(account))} of ${money(permitted)} spent${beyond}`
}

export default checker
