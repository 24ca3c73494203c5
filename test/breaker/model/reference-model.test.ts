import { expect } from 'chai'
import fc from 'fast-check'
import type { Configuration } from '../../../src/index.js'
import { type Command, commands, isAllowed, type Setting, settings } from './commands.js'
import { Coverage } from './coverage.js'
import { SideBySide } from './side-by-side.js'

/** How many sequences the long run tries. */
const sequences = Number(process.env.MODEL_SEQUENCES ?? 100_000)
/** The seed of a run that found something, to run it again. */
const seed = process.env.MODEL_SEED === undefined ? {} : { seed: Number(process.env.MODEL_SEED) }

describe('the breaker and its reference model', () => {
  it('say the same after every command of some thousands of random sequences', () => {
    expect(compare(2500).missing()).to.deep.equal([])
  })

  it(`say the same after every command of ${sequences} random sequences @slow`, function () {
    this.timeout(600_000)
    const coverage = compare(sequences)
    expect(coverage.missing()).to.deep.equal([])
    process.stdout.write(`      ${sequences} sequences, ${coverage.performed} commands\n`)
  })

  describe('differ as soon as one rule of the breaker is another', () => {
    const changes: Record<string, (rules: Configuration) => Partial<Configuration>> = {
      failureRateThreshold: (rules) => ({ failureRateThreshold: less(rules.failureRateThreshold) }),
      slowCallRateThreshold: (rules) => ({ slowCallRateThreshold: less(rules.slowCallRateThreshold) }),
      slowCallDurationThresholdMs: ({ slowCallDurationThresholdMs: ms }) => ({
        slowCallDurationThresholdMs: ms === undefined ? undefined : ms + 0.25,
      }),
      minimumCalls: (rules) => ({ minimumCalls: rules.minimumCalls + 1 }),
      'slidingWindow.size': ({ slidingWindow: window }) => ({
        slidingWindow: window.type === 'time' ? window : { ...window, size: window.size + 1 },
      }),
      'slidingWindow.buckets': ({ slidingWindow: window }) => ({
        slidingWindow: window.type === 'time' ? { ...window, buckets: window.buckets + 1 } : window,
      }),
      waitDurationInOpenStateMs: ({ waitDurationInOpenStateMs: wait }) => ({
        waitDurationInOpenStateMs: typeof wait === 'number' ? wait + 0.25 : { ...wait, maxMs: wait.maxMs / 2 },
      }),
      permittedNumberOfCallsInHalfOpenState: (rules) => ({
        permittedNumberOfCallsInHalfOpenState: rules.permittedNumberOfCallsInHalfOpenState + 1,
      }),
      maxWaitDurationInHalfOpenStateMs: ({ maxWaitDurationInHalfOpenStateMs: ms }) => ({
        maxWaitDurationInHalfOpenStateMs: ms === 0 ? 0 : ms + 0.25,
      }),
      transitionToStateAfterWaitDuration: (rules) => ({
        transitionToStateAfterWaitDuration: rules.transitionToStateAfterWaitDuration === 'open' ? 'closed' : 'open',
      }),
      leaseDurationMs: (rules) => ({ leaseDurationMs: rules.leaseDurationMs + 0.25 }),
      rampUp: ({ rampUp }) => ({
        rampUp: rampUp && { ...rampUp, shares: rampUp.shares.map(less) },
      }),
      maxConcurrentCalls: ({ maxConcurrentCalls: limit }) => ({
        maxConcurrentCalls: limit === undefined ? undefined : limit + 1,
      }),
    }
    for (const [rule, change] of Object.entries(changes)) {
      it(rule, () => {
        const property = fc.property(settings, commands, (setting, sequence) => {
          const changed = change(setting.rules)
          fc.pre(isAllowed({ ...setting.rules, ...changed }))
          perform(setting, sequence, changed)
        })
        const { failed, errorInstance } = fc.check(property, { numRuns: 20_000, endOnFailure: true, ...seed })
        expect(failed, 'found').to.equal(true)
        expect(String(errorInstance)).to.contain('the breaker says')
      })
    }
  })
})

/** A rate that is a tenth less, unless that is none. */
function less(rate: number): number {
  return Math.max(1e-9, rate * 0.9)
}

function compare(numRuns: number): Coverage {
  const coverage = new Coverage()
  const property = fc.property(settings, commands, (setting, sequence) => {
    perform(setting, sequence, {}, coverage)
  })
  fc.assert(property, { numRuns, ...seed })
  return coverage
}

function perform(
  setting: Setting,
  sequence: readonly Command[],
  changed: Partial<Setting['rules']>,
  coverage?: Coverage,
): void {
  const both = new SideBySide(setting, changed)
  try {
    for (const command of sequence) {
      const { state } = both.model
      both.perform(command)
      coverage?.note(both.model, command, state)
    }
  } finally {
    both.close()
  }
}
