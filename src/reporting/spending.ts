import type { Evidence } from '../evidence.js'
import type { SpendingAccount } from '../spending.js'
import { number } from './figures.js'

const MICRO = 1_000_000

/** An amount as people write it: units, with as many digits as it has. */
export function money(amount: number): string {
  return number(amount / MICRO, 6)
}

export interface SpendingFigures {
  /** Calls that asked for money. */
  readonly asked: number
  readonly refused: number
  readonly refusedEarly: number
  /** Of those that asked. */
  readonly allowedRate: number | undefined
  readonly spent: number
  /** What the budgets permit, or what all calls would have cost where that is less. */
  readonly affordable: number
  readonly spentShare: number | undefined
  readonly overrun: number
}

/** Of the account that is judged; the warm-up's is held to nothing but its limits. */
export function spendingFigures({ plan, spending }: Evidence): SpendingFigures | undefined {
  const account = spending?.accounts.find(({ key }) => key === 'calls')
  if (!account || !plan.spending) return undefined
  const { allowed, refused, refusedEarly, refusedCost, threads } = account
  const asked = allowed + refused
  const spent = sumOf(account, 'spent')
  const affordable = Math.min(plan.spending.permitted, spent + refusedCost)
  return {
    asked,
    refused,
    refusedEarly,
    allowedRate: asked > 0 ? allowed / asked : undefined,
    spent,
    affordable,
    spentShare: affordable > 0 ? spent / affordable : undefined,
    overrun: threads.reduce((sum, { overrun }) => sum + overrun, 0),
  }
}

export function sumOf({ threads }: SpendingAccount, field: 'spent' | 'spentMost' | 'overrun' | 'open'): number {
  return threads.reduce((sum, thread) => sum + thread[field], 0)
}
