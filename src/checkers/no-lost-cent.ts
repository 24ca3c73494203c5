import type { Checker, Judgement } from '../checker.js'
import type { Evidence } from '../evidence.js'
import { number, plural } from '../reporting/figures.js'
import { money, sumOf } from '../reporting/spending.js'
import { contradictionsOf } from '../spending/samples.js'
import type { SpendingAccount } from '../spending.js'

/** Threads that died while they settled, of which each combination is tried. */
const UNCERTAIN_MAX = 20

interface Findings {
  readonly wrong: string[]
  readonly unseen: string[]
  readonly said: string[]
}

const checker: Checker = {
  name: 'no-lost-cent',
  question:
    'Is the sum of all settlements what the threads spent, to the cent, and is nothing reserved once all has ended or expired?',

  applies({ spending }) {
    return spending !== undefined || 'calls cost nothing'
  },

  check(evidence): Judgement {
    const accounts = evidence.spending?.accounts ?? []
    const findings: Findings = { wrong: [], unseen: [], said: [] }
    for (const account of accounts) checkAccount(account, evidence, findings)
    const { wrong, unseen, said } = findings
    const summary = accounts.map(summaryOf).join('; ')
    if (wrong.length > 0) return { result: 'invalid', summary, details: [...wrong, ...unseen, ...said] }
    if (unseen.length > 0) return { result: 'unknown', summary, details: [...unseen, ...said] }
    return { result: 'valid', summary, details: said }
  },
}

function checkAccount(account: SpendingAccount, evidence: Evidence, { wrong, unseen, said }: Findings): void {
  const { key, samples, afterExpiry } = account
  for (const sample of samples) {
    wrong.push(
      ...contradictionsOf(sample)
        .filter((line) => line.startsWith('the ledger'))
        .map((line) => `${key}, ${number(sample.atMs)} ms: ${line}`),
    )
  }
  for (const { name, reserved } of afterExpiry.budgets) {
    if (reserved !== 0) wrong.push(`${key}, ${name}: ${money(reserved)} is reserved by nobody`)
  }
  checkThreads(account, evidence, wrong)
  const uncertain = account.threads.flatMap(({ spent, spentMost }) => (spentMost > spent ? [spentMost - spent] : []))
  const missing = afterExpiry.total - sumOf(account, 'spent')
  if (uncertain.length > UNCERTAIN_MAX) {
    unseen.push(
      `${key}: ${plural(uncertain.length, 'thread')} died while they settled; up to ${UNCERTAIN_MAX} can be told apart`,
    )
  } else if (!isSumOfSome(uncertain, missing)) {
    wrong.push(
      `${key}: the ledger's sum is ${money(Math.abs(missing))} ${missing < 0 ? 'less' : 'more'} than its threads spent`,
    )
  } else if (uncertain.length > 0) {
    said.push(
      `${key}: ${plural(uncertain.length, 'thread')} died while they settled, and ${money(missing)} of it counted`,
    )
  }
}

/** Whoever lived to the end has ended what it reserved; what a dead one held may be open, and never less than nothing. */
function checkThreads({ key, threads }: SpendingAccount, { workers, interrupted }: Evidence, wrong: string[]): void {
  for (const { worker, open, spent, spentMost } of threads) {
    const end = workers.find((one) => one.worker === worker)?.end
    if (open < 0) wrong.push(`${key}, worker ${worker}: ended ${plural(-open, 'reservation')} more than it made`)
    if (end !== 'finished' || interrupted) continue
    if (open > 0) wrong.push(`${key}, worker ${worker}: finished with ${plural(open, 'reservation')} open`)
    if (spent !== spentMost) wrong.push(`${key}, worker ${worker}: finished in the middle of a settlement`)
  }
}

/** Each settlement took place as a whole or not at all. */
function isSumOfSome(amounts: readonly number[], sum: number): boolean {
  const [first, ...others] = amounts
  if (first === undefined) return sum === 0
  return isSumOfSome(others, sum) || isSumOfSome(others, sum - first)
}

function summaryOf(account: SpendingAccount): string {
  const { key, settled, released, late, afterExpiry } = account
  const open = sumOf(account, 'open')
  const rest = [...(late > 0 ? [`${number(late)} late`] : []), ...(open > 0 ? [`${number(open)} open at a death`] : [])]
  const also = rest.length > 0 ? ` (${rest.join(', ')})` : ''
  return `${key}: ${plural(settled, 'settlement')} come to ${money(afterExpiry.total)}, ${number(released)} released${also}`
}

export default checker
