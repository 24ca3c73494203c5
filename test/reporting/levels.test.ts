import { expect } from 'chai'
import { titledTable } from '../../src/reporting/grid.js'
import { drawLevels } from '../../src/reporting/level-table.js'
import { kneeOf, levelsOf } from '../../src/reporting/levels.js'
import { evidence } from '../evidence-builder.js'
import { levelled } from './level-evidence.js'

/** Ten times as many in flight give nearly ten times as much, then no more. */
const worn = levelled([
  { inFlight: 10, perSecond: 1000, p50Ms: 5 },
  { inFlight: 100, perSecond: 9000, p50Ms: 6 },
  { inFlight: 200, perSecond: 9500, p50Ms: 20 },
])

describe('levels of a run', () => {
  it('are held against the first, with an interval', () => {
    const [first, second] = levelsOf(worn)
    expect(first).to.deep.include({ name: '10 in flight', level: 10, successRate: 1 })
    expect(first?.throughput).to.deep.equal({ estimate: 1, low: 1, high: 1 })
    expect(second?.throughput?.estimate).to.be.closeTo(9, 0.1)
    expect(second?.throughput?.low).to.be.within(8, 9)
    expect(second?.throughput?.high).to.be.within(9, 10)
    expect(second?.latency?.estimate).to.be.closeTo(1.2, 1e-9)
  })

  it('have their knee where a request more in flight gives a fifth less than at first', () => {
    expect(kneeOf(levelsOf(worn))?.name).to.equal('100 in flight')
  })

  it('have none while each gives as much', () => {
    const grown = levelled([
      { inFlight: 10, perSecond: 1000, p50Ms: 5 },
      { inFlight: 20, perSecond: 1900, p50Ms: 5 },
    ])
    expect(kneeOf(levelsOf(grown))).to.equal(undefined)
  })

  it('have no interval where they were too short', () => {
    const { throughput, ...rest } = worn
    const [, second] = levelsOf({ ...rest, throughput: throughput.slice(0, 5) })
    expect(second?.throughput).to.equal(undefined)
  })

  it('stand in a table, the knee marked, with the worst thread of each', () => {
    const threads = [0.2, 0.7].map((utilization, worker) => ({
      thread: `worker-${worker}`,
      stages: [{ stage: 2, utilization, delay: { meanMs: 0.1, p99Ms: 3 + worker, maxMs: 9 } }],
    }))
    const [table = ''] = drawLevels(
      { ...worn, threads },
      titledTable((_, text) => text, 120),
    )
    expect(table).to.match(/100 in flight \(knee\) +9,000 +9 \(.*\) +6 +1\.2 \(.*\) +100 % +70 % +4\n/)
  })

  it('are no table of a run with one load', () => {
    expect(
      drawLevels(
        evidence(),
        titledTable((_, text) => text, 120),
      ),
    ).to.deep.equal([])
  })
})
