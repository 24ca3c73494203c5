import { expect } from 'chai'
import fc from 'fast-check'
import { formatDuration, parseDuration } from '../src/duration.js'
import { formatFault, parseFault } from '../src/faults.js'
import type { Behaviour, Fault } from '../src/plan.js'
import { faultSchema } from '../src/plan.js'

const duration = fc.oneof(fc.integer({ min: 0, max: 86_400_000 }), fc.double({ min: 0, max: 86_400_000, noNaN: true }))
const share = fc.double({ min: 0, max: 1, noNaN: true })
const pair = fc.tuple(duration, duration).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
const latency = fc.oneof(
  duration.map((ms) => ({ type: 'constant' as const, ms })),
  pair.map(([minMs, maxMs]) => ({ type: 'uniform' as const, minMs, maxMs })),
  pair.map(([meanMs, maxMs]) => ({ type: 'exponential' as const, meanMs, maxMs })),
)
const override: fc.Arbitrary<Partial<Behaviour>> = fc.record(
  { errorRate: share, hangRate: share, resetRate: share, latency },
  { requiredKeys: [], noNullPrototype: true },
)
const fault: fc.Arbitrary<Fault> = fc.record({ fromMs: duration, forMs: duration, override }, { noNullPrototype: true })

describe('the fault grammar', () => {
  for (const [text, expected] of [
    ['outage@2s+500ms', { fromMs: 2000, forMs: 500, override: { errorRate: 1 } }],
    ['error=0.3@1s+2s', { fromMs: 1000, forMs: 2000, override: { errorRate: 0.3 } }],
    ['hang=0.01@0s+10s', { fromMs: 0, forMs: 10_000, override: { hangRate: 0.01 } }],
    ['reset=0.1@1m+1.5m', { fromMs: 60_000, forMs: 90_000, override: { resetRate: 0.1 } }],
    ['latency=5ms@1s+1s', { fromMs: 1000, forMs: 1000, override: { latency: { type: 'constant', ms: 5 } } }],
    [
      'latency=1ms..10ms@1s+1s',
      { fromMs: 1000, forMs: 1000, override: { latency: { type: 'uniform', minMs: 1, maxMs: 10 } } },
    ],
    ['error=0.5,hang=0.1@1s+1s', { fromMs: 1000, forMs: 1000, override: { errorRate: 0.5, hangRate: 0.1 } }],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseFault(text)).to.deep.equal(expected)
      expect(faultSchema.safeParse(parseFault(text)).success).to.equal(true)
    })
  }

  for (const text of [
    '',
    'outage',
    'outage@2s',
    'outage@2s+5',
    'outage=1@1s+1s',
    'error@1s+1s',
    'error=@1s+1s',
    'error=1.5@1s+1s',
    'error=-1@1s+1s',
    'latency=10ms..1ms@1s+1s',
    'latency=exp:5ms@1s+1s',
    'latency=1ms..2ms..3ms@1s+1s',
    'fire=1@1s+1s',
    'outage@1s+25h',
    'outage@-1s+1s',
  ]) {
    it(`refuses "${text}", naming it and what is allowed`, () => {
      expect(() => parseFault(text))
        .to.throw(new RegExp(`"${text.replace(/[.+]/g, '\\$&')}".*; (allowed|write)`))
        .with.property('code', 'ERR_PLAN')
    })
  }

  it('reads back every fault that it writes', () => {
    fc.assert(
      fc.property(fault, (one) => {
        expect(parseFault(formatFault(one))).to.deep.equal(one)
      }),
    )
  })
})

describe('durations', () => {
  it('read back what they write', () => {
    fc.assert(
      fc.property(duration, (ms) => {
        expect(parseDuration(formatDuration(ms), '--duration')).to.equal(ms)
      }),
    )
  })

  it('need a unit, and name the field that lacks it', () => {
    expect(() => parseDuration('10', '--duration')).to.throw('--duration: "10" is no duration; write 500ms')
  })
})
