import { expect } from 'chai'
import type { CostRule, Throttle } from '../../../src/budget/rules/rule.js'
import { call, day, endOf, NOW_MS, newRules } from './ruled.js'

const throttling = (id: string, throttle: Throttle): CostRule => ({
  id,
  threshold: { type: 'absolute-daily', amount: 0 },
  action: 'throttle',
  throttle,
})

function decisions(count: number, ...rules: CostRule[]): string[] {
  const end = endOf(newRules(rules))
  return Array.from({ length: count }, () => {
    const { action, rule, delayMs = 0 } = end.decide(call(), [day(1)], NOW_MS)
    return `${action} ${rule} ${delayMs}`
  })
}

describe('several throttles in force', () => {
  it('each let their share of a call through, until one refuses it', () => {
    const half = throttling('half', { kind: 'token-bucket', factor: 0.5 })
    const third = throttling('third', { kind: 'token-bucket', factor: 1 / 3 })
    // The second is asked for every other call alone, and lets every third of those through.
    expect(decisions(7, half, third)).to.deep.equal([
      'allow half 0',
      'throttle half 0',
      'throttle third 0',
      'throttle half 0',
      'throttle third 0',
      'throttle half 0',
      'allow half 0',
    ])
  })

  it('delay a call for the longest that one of them asks for', () => {
    const slow = throttling('slow', { kind: 'delay', factor: 1, intervalMs: 50 })
    const fast = throttling('fast', { kind: 'delay', factor: 1, intervalMs: 20 })
    const due = ['allow fast 0', 'throttle slow 50', 'throttle slow 100']
    expect(decisions(3, fast, slow)).to.deep.equal(due)
    expect(decisions(3, slow, fast)).to.deep.equal(['allow slow 0', ...due.slice(1)])
  })
})
