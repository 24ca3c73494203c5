import { expect } from 'chai'
import type { SoakEvidence } from '../../../src/evidence.js'
import { circuitBands } from '../../../src/reporting/charts/circuit-bands.js'
import { latencyCharts } from '../../../src/reporting/charts/latency-charts.js'
import { memoryCharts, retainedCharts } from '../../../src/reporting/charts/memory-charts.js'
import { throughputChart } from '../../../src/reporting/charts/throughput-chart.js'
import { circuit, evidence, latency, stage, transitions, transitionsWith, worker } from '../../evidence-builder.js'
import { sampledEvidence } from '../sampled-evidence.js'

describe('the bands of the circuit', () => {
  it('cover the run from the opening to the end, state by state', () => {
    const { bands, notes } = circuitBands([circuit()], 4000)
    expect(bands).to.deep.equal([
      {
        name: 'circuit',
        spans: [
          [0, 2.04, 'closed'],
          [2.04, 2.24, 'open'],
          [2.24, 2.26, 'half-open'],
          [2.26, 3.01, 'open'],
          [3.01, 3.02, 'half-open'],
          [3.02, 4, 'closed'],
        ],
      },
    ])
    expect(notes).to.deep.equal([])
  })

  it('are one of the last state where nothing happened', () => {
    const quiet = circuit({ view: 3, transitions: [], finalState: 'forced-open' })
    expect(circuitBands([quiet], 1000).bands).to.deep.equal([{ name: '#3', spans: [[0, 1, 'forced-open']] }])
  })

  it('begin with the state before the first transition', () => {
    const opened = circuit({ transitions: transitions().slice(0, 1), finalState: 'open' })
    expect(circuitBands([opened], 4000).bands[0]?.spans).to.deep.equal([
      [0, 2.04, 'closed'],
      [2.04, 4, 'open'],
    ])
  })

  it('keep within the run what happened at its edges', () => {
    const transitions = transitionsWith(0, { atMs: -5 })
    expect(circuitBands([circuit({ transitions })], 4000).bands[0]?.spans[0]).to.deep.equal([0, 0, 'closed'])
  })

  it('are at most sixteen, and say how many more there are', () => {
    const circuits = Array.from({ length: 20 }, (_, view) => circuit({ view }))
    const { bands, notes } = circuitBands(circuits, 4000)
    expect(bands).to.have.lengthOf(16)
    expect(notes).to.deep.equal(['4 more views of the circuit not drawn.'])
  })

  it('draw together what is too short to be seen, lose no time, and say so', () => {
    const { circuits } = sampledEvidence({
      durationMs: 1000,
      everyMs: 100,
      workers: 1,
      own: false,
      transitions: 20_000,
    })
    const { bands, notes } = circuitBands(circuits, 1000)
    const spans = bands[0]?.spans ?? []
    expect(spans.length).to.be.within(300, 2000)
    expect(spans.map(([from]) => from).slice(1)).to.deep.equal(spans.map(([, to]) => to).slice(0, -1))
    expect([spans[0]?.[0], spans.at(-1)?.[1]]).to.deep.equal([0, 1])
    expect(new Set(spans.map(([, , state]) => state))).to.include('changing')
    expect(notes.join()).to.include('changing')
  })

  it('say that transitions were lost', () => {
    expect(circuitBands([circuit({ lost: 2 })], 4000).notes.join()).to.include('2 transitions could not be read')
  })
})

describe('the chart of throughput', () => {
  const throughput = [
    { atMs: 100, completed: 50, refused: 0, perSecond: 0, refusedPerSecond: 0 },
    { atMs: 300, completed: 250, refused: 20, perSecond: 0, refusedPerSecond: 0 },
    { atMs: 300, completed: 250, refused: 20, perSecond: 0, refusedPerSecond: 0 },
  ]

  it('tells from sample to sample how many calls ended, and not the mean of five seconds', () => {
    const { chart } = throughputChart(evidence({ throughput }), 'run-1', 100)
    expect(chart.x).to.deep.equal([0, 0.1, 0.3, 4])
    expect(chart.lines.map(({ label, values }) => [label, ...values])).to.deep.equal([
      ['calls/s', null, 500, 1000, null],
      ['refused/s', null, 0, 100, null],
    ])
  })

  it('has no line and no axis for refusals where there were none', () => {
    const { chart } = throughputChart(evidence({ throughput: throughput.slice(0, 1) }), 'run-1', 100)
    expect(chart.lines).to.have.lengthOf(1)
    expect(chart).not.to.have.property('right')
  })

  it('has the mean of five seconds as well where the run took a minute', () => {
    const labels = (durationMs: number) => {
      const { chart } = throughputChart(evidence({ throughput, durationMs }), 'run-1', 100)
      return chart.lines.map(({ label }) => label)
    }
    expect(labels(59_999)).to.deep.equal(['calls/s', 'refused/s'])
    expect(labels(60_000)).to.deep.equal(['calls/s', 'refused/s', 'calls/s over 5 s'])
  })

  it('shades the stages, and leaves out those that took no time', () => {
    const empty = { ...stage('nothing', 'steady', 1000, 0, {}), endedAtMs: 1000 }
    const { chart } = throughputChart(
      evidence({ stages: [empty, stage('steady', 'steady', 1000, 5, {})] }),
      'run-1',
      100,
    )
    expect(chart.stages).to.deep.equal([{ name: 'steady', role: 'steady', from: 1, to: 2 }])
  })

  it('says how many of its samples are drawn, and what is not counted', () => {
    const reference = stage('bare', 'reference', 0, 100, {})
    const sampled = sampledEvidence(
      { durationMs: 60_000, everyMs: 100, workers: 2, own: false, transitions: 0 },
      { stages: [reference] },
    )
    const { notes } = throughputChart(sampled, 'run-1', 100)
    expect(notes.join(' ')).to.include('100 of 600 samples').and.to.include('reference stages')
  })

  it('goes on to the last sample, if that came after the end', () => {
    const { chart } = throughputChart(evidence({ throughput, durationMs: 250 }), 'run-1', 100)
    expect(chart.x).to.deep.equal([0, 0.1, 0.3, 0.3])
  })
})

describe('the charts of memory', () => {
  const samples = [
    { atMs: 100, residentMb: 80.12345, heapMb: [10, 5, 6] },
    { atMs: 200, residentMb: 90, heapMb: [11, 6, 7] },
  ]
  const memory = { samples, baselineMb: 80, growthMb: 10, threadsGrowthMb: 2 }
  const lines = (figure: { chart: { lines: readonly { label: string; values: readonly unknown[] }[] } } | undefined) =>
    figure?.chart.lines.map(({ label, values }) => [label, ...values.slice(1, -1)])

  it('have resident memory, and a line for the heap of each thread', () => {
    const [resident, heaps] = memoryCharts(evidence({ memory }), 'run-1', 100)
    expect(lines(resident)).to.deep.equal([['resident', 80.12, 90]])
    expect(lines(heaps)).to.deep.equal([
      ['coordinator', 10, 11],
      ['worker-0', 5, 6],
      ['worker-1', 6, 7],
    ])
  })

  it('tell workers together once one has died, as nobody knows any more whose heap it is', () => {
    const workers = [worker(0, 1, {}, { end: 'killed' }), worker(1, 1, {}), worker(2, 1, {})]
    const [, heaps] = memoryCharts(evidence({ memory, workers }), 'run-1', 100)
    expect(lines(heaps)).to.deep.equal([
      ['coordinator', 10, 11],
      ['largest worker', 6, 7],
      ['all workers together', 11, 13],
    ])
    expect(heaps?.notes.join()).to.include('Workers died')
  })

  it('have nothing for the workers at a moment when some of them had ended', () => {
    const ending = { ...memory, samples: [...samples, { atMs: 300, residentMb: 90, heapMb: [12, 9] }] }
    const [, heaps] = memoryCharts(evidence({ memory: ending }), 'run-1', 100)
    expect(lines(heaps)?.[1]).to.deep.equal(['worker-0', 5, 6, null])
  })

  it('have the largest of many heaps, and say so', () => {
    const crowd = sampledEvidence({ durationMs: 1000, everyMs: 100, workers: 40, own: false, transitions: 0 })
    const [, heaps] = memoryCharts(crowd, 'run-1', 100)
    expect(lines(heaps)?.map(([label]) => label))
      .to.have.lengthOf(16)
      .and.to.include('worker-39')
    expect(heaps?.notes.join()).to.include('The 15 of 40 workers that had the largest heaps')
  })

  it('are none where nothing was sampled', () => {
    expect(memoryCharts(evidence({ memory: { ...memory, samples: [] } }), 'run-1', 100)).to.deep.equal([])
  })

  it('have what each thread of a soak retained, at the times at which it looked', () => {
    const sample = { stage: 0, calls: 0, inFlight: 0, pauseMs: 1 }
    const thread = (name: string, atMs: number) => ({
      thread: name,
      heapLimitBytes: 2 ** 30,
      samples: [{ ...sample, atMs, usedBytes: 3 * 2 ** 20, externalBytes: 2 ** 20 }],
      rests: [],
    })
    const soak: SoakEvidence = { threads: [thread('coordinator', 100), thread('worker-0', 150)], sharedBytes: 0 }
    const [retained] = retainedCharts(evidence({ soak }), 'run-1', 100)
    expect(retained?.chart.x).to.deep.equal([0, 0.1, 0.15, 4])
    expect(lines(retained)).to.deep.equal([
      ['coordinator', 4, null],
      ['worker-0', null, 4],
    ])
    expect(retainedCharts(evidence(), 'run-1', 100)).to.deep.equal([])
  })
})

describe('the charts of latencies', () => {
  it('have one line for each stage that had calls, refusals apart', () => {
    const [calls, refusals] = latencyCharts(evidence())
    expect(calls?.chart.lines.map(({ label }) => label)).to.deep.equal(['warm-up', 'steady', 'outage', 'recovery'])
    expect(refusals?.chart.lines.map(({ label }) => label)).to.deep.equal(['outage'])
    expect(latencyCharts(evidence({ stages: [stage('drain', 'drain', 0, 0, {})] }))).to.deep.equal([])
  })

  it('give a stage the same colour in both', () => {
    const [calls, refusals] = latencyCharts(evidence())
    const outage = calls?.chart.lines.find(({ label }) => label === 'outage')
    expect(refusals?.chart.lines[0]?.colour).to.equal(outage?.colour).and.to.equal(2)
  })

  it('are drawn by how few calls took longer: 90 % at 1, 99 % at 2, the slowest half a call before the end', () => {
    const { stages } = evidence()
    const [calls] = latencyCharts(evidence({ stages: stages.slice(1, 2) }))
    expect(calls?.chart.x).to.deep.equal([0, 0.301, 0.6021, 1.301, 2, 3.301])
    expect(calls?.chart.lines[0]?.values).to.deep.equal([1, 5, 7.5, 10, 15, 25])
  })

  it('are by powers of ten where calls differ a lot, and no call takes no time', () => {
    const slow = { ...stage('slow', 'steady', 0, 10, {}), latency: latency(10, 1000) }
    const [quickAndSlow] = latencyCharts(evidence({ stages: [slow, { ...slow, latency: latency(10, 0) }] }))
    expect(quickAndSlow?.chart.left.kind).to.equal('logarithmic')
    expect(quickAndSlow?.chart.lines[1]?.values[0]).to.equal(0.001)
    expect(latencyCharts(evidence())[0]?.chart.left.kind).to.equal('from-zero')
  })
})
