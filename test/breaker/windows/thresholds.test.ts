import { expect } from 'chai'
import { resolveRules } from '../../../src/breaker/resolve-options.js'
import { NO_VERDICT } from '../../../src/breaker/window.js'
import { Thresholds } from '../../../src/breaker/windows/thresholds.js'

describe('the headroom of rates', () => {
  const thresholdsOf = (failureRateThreshold: number, slowCallRateThreshold?: number) =>
    new Thresholds(
      resolveRules({
        failureRateThreshold,
        minimumCalls: 1,
        slidingWindow: { type: 'time', durationMs: 1000 },
        ...(slowCallRateThreshold === undefined ? {} : { slowCallRateThreshold, slowCallDurationThresholdMs: 1 }),
      }),
    )

  it('is as many failures as leave the rate below its threshold, and one more reaches it', () => {
    // Of these rates, products with whole numbers are often rounded.
    for (const rate of [0.01, 0.07, 0.1, 0.29, 0.3, 1 / 3, 0.5, 0.57, 0.6, 0.7, 0.9, 0.99, 1]) {
      const thresholds = thresholdsOf(rate)
      for (let calls = 1; calls <= 300; calls++) {
        for (const failures of [0, 1, Math.floor((rate * calls) / 2)].filter((count) => count <= calls)) {
          const headroom = thresholds.headroom({ calls, failures, slow: 0 })
          const verdictAfter = (more: number) => thresholds.verdict({ calls, failures: failures + more, slow: 0 })
          const what = `${failures} of ${calls}, ${rate}`
          if (headroom >= 0) expect(verdictAfter(headroom), what).to.equal(NO_VERDICT)
          expect(verdictAfter(Math.max(0, headroom + 1)), what).not.to.equal(NO_VERDICT)
        }
      }
    }
  })

  it('is that of the rate which is nearer to its threshold', () => {
    const thresholds = thresholdsOf(0.5, 0.2)
    expect(thresholds.headroom({ calls: 100, failures: 10, slow: 5 })).to.equal(14)
    expect(thresholds.headroom({ calls: 100, failures: 45, slow: 5 })).to.equal(4)
    expect(thresholds.headroom({ calls: 100, failures: 50, slow: 5 })).to.be.below(0)
  })

  it('is none without calls, and never more than strikes can be numbered', () => {
    expect(thresholdsOf(0.5).headroom({ calls: 0, failures: 0, slow: 0 })).to.be.below(0)
    expect(thresholdsOf(1).headroom({ calls: 2 ** 40, failures: 0, slow: 0 })).to.be.within(1, 2 ** 30)
  })
})
