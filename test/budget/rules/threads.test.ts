import { expect } from 'chai'
import type { CostRule } from '../../../src/budget/rules/rule.js'
import { inOwnThread } from '../../own-thread.js'
import { call, endOf, NOW_MS, newRules } from './ruled.js'
import type { Counted } from './thread.js'

const THREADS = 4
const CALLS = 10_000

const rules: CostRule[] = [
  {
    id: 'share',
    threshold: { type: 'absolute-daily', amount: 0 },
    action: 'throttle',
    throttle: { kind: 'token-bucket', factor: 0.3 },
  },
  { id: 'alert', threshold: { type: 'single-operation', amount: 0 }, action: 'alert', cooldownMs: 60_000 },
  { id: 'rate', threshold: { type: 'rate', amountPerHour: THREADS * CALLS * 7 - 1 }, action: 'block' },
]

describe('rules on real threads', () => {
  it('let their share through, raise one alert and sum up costs over all threads', async () => {
    const handle = newRules(rules)
    const module = new URL('./thread.js', import.meta.url)
    const work = { handle, calls: CALLS, cost: 7 }
    const counted = await Promise.all(Array.from({ length: THREADS }, () => inOwnThread<Counted>(module, work)))
    const sum = (of: keyof Counted) => counted.reduce((total, thread) => total + thread[of], 0)
    expect(sum('allowed')).to.equal(0.3 * THREADS * CALLS)
    expect(sum('alerts')).to.equal(1)
    // What all have spent is one more than the rate allows.
    expect(endOf(handle).decide(call(), [], NOW_MS)).to.include({ action: 'block', rule: 'rate' })
  })
})
