import { expect } from 'chai'
import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { bucketOf, HISTOGRAM_WORDS, lowestOf } from '../../src/stress/histogram.js'
import { summarize } from '../../src/stress/latency.js'

describe('stress: latency histograms', () => {
  it('begin each bucket where the one before it ends', () => {
    for (let bucket = 0; bucket < HISTOGRAM_WORDS; bucket += 1) {
      expect(bucketOf(lowestOf(bucket))).to.equal(bucket)
      if (bucket > 0) expect(bucketOf(lowestOf(bucket) - 1)).to.equal(bucket - 1)
    }
  })

  it('keep three significant digits of every duration', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 26 - 1 }), (us) => {
        const kept = lowestOf(bucketOf(us))
        expect(kept).to.be.at.most(us)
        expect(us - kept).to.be.at.most(us / 1000)
      }),
    )
  })

  it('record what is too long as the longest', () => {
    expect(bucketOf(2 ** 30)).to.equal(HISTOGRAM_WORDS - 1)
  })

  it('give the percentiles that hdr-histogram-js gives for the same calls', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 26 - 1 }), { minLength: 1, maxLength: 300 }), (calls) => {
        const oracle = build({ highestTrackableValue: 2 ** 26 - 1, numberOfSignificantValueDigits: 3 })
        const [one, other] = [new Uint32Array(HISTOGRAM_WORDS), new Uint32Array(HISTOGRAM_WORDS)]
        for (const [index, us] of calls.entries()) {
          oracle.recordValue(us)
          const words = index % 2 === 0 ? one : other
          words[bucketOf(us)] = (words[bucketOf(us)] ?? 0) + 1
        }
        const summary = summarize([one, other])
        expect(summary.count).to.equal(calls.length)
        expect(summary.meanMs).to.be.closeTo(oracle.mean / 1000, 1e-9)
        const { p50Ms, p95Ms, p99Ms, p999Ms, p9999Ms, maxMs, percentiles } = summary
        expect([p50Ms, p95Ms, p99Ms, p999Ms, p9999Ms, maxMs]).to.deep.equal(
          [50, 95, 99, 99.9, 99.99, 100].map((percentile) => oracle.getValueAtPercentile(percentile) / 1000),
        )
        expect(percentiles).to.deep.equal(
          percentiles.map(({ percentile }) => ({ percentile, ms: oracle.getValueAtPercentile(percentile) / 1000 })),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('are all zero when there were no calls', () => {
    expect(summarize([new Uint32Array(HISTOGRAM_WORDS)])).to.deep.equal({
      count: 0,
      minMs: 0,
      meanMs: 0,
      p50Ms: 0,
      p95Ms: 0,
      p99Ms: 0,
      p999Ms: 0,
      p9999Ms: 0,
      maxMs: 0,
      percentiles: [],
    })
  })

  it('have a curve that goes half of the way to the longest call again and again, and ends with it', () => {
    const words = new Uint32Array(HISTOGRAM_WORDS)
    words.fill(1, 0, 100)
    const { percentiles } = summarize([words])
    expect(percentiles.map(({ percentile }) => percentile)).to.deep.equal([
      0, 25, 50, 62.5, 75, 81.25, 87.5, 90.625, 93.75, 95.3125, 96.875, 97.65625, 98.4375, 98.828125, 100,
    ])
    expect(percentiles[0]?.ms).to.equal(0)
    expect(percentiles.at(-1)?.ms).to.equal(0.099)
  })

  it('tell the one call in ten thousand from the one in a thousand', () => {
    const words = new Uint32Array(HISTOGRAM_WORDS)
    words.set([99_950, 45, 5], 1)
    expect(summarize([words])).to.include({ p999Ms: 0.001, p9999Ms: 0.002, maxMs: 0.003 })
  })

  it('have a curve of some sixty points however many calls there were', () => {
    const words = new Uint32Array(HISTOGRAM_WORDS)
    words[1] = 1_000_000_000
    words[2047] = 1
    const { percentiles } = summarize([words])
    expect(percentiles).to.have.lengthOf(61)
    expect(percentiles.at(-2)?.ms).to.equal(0.001)
    expect(percentiles.at(-1)?.ms).to.equal(2.047)
  })
})
