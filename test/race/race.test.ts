import { expect } from 'chai'
import { race } from '../../src/race/race.js'
import { raceJson } from '../../src/race/report/race-json.js'
import { type RaceReport, resultOf, scoreOf } from '../../src/race/report/race-report.js'
import { raceText } from '../../src/race/report/race-text.js'
import { painter } from '../../src/reporting/paint.js'

describe('the race suite', () => {
  let report: RaceReport
  before(async function () {
    this.timeout(60_000)
    const parts: string[] = []
    report = await race({
      effort: 'quick',
      only: 'broken/lost,result-ring,store-buffering,transition-consistency',
      command: 'npx busbar race --quick --only lost-update',
      onProgress: ({ part }) => parts.push(part),
    })
    expect(new Set(parts)).to.include.keys('broken targets', 'explored', 'litmus tests', 'real threads')
  })

  it('judges its checkers, then the shipped breaker, then real threads', () => {
    expect(report.failed).to.deep.equal([])
    expect(report.result).to.equal('valid')
    expect(report.detections.map(({ target }) => target)).to.include('lost-update')
    expect(new Set(report.explored.map(({ program }) => program))).to.include.keys('result-ring')
    expect(report.litmus.map(({ litmus }) => litmus)).to.include('store-buffering')
    expect(report.threads.every(({ impossible }) => impossible.length === 0)).to.equal(true)
    expect(report.scenarios.map(({ evidence }) => evidence.plan.scenario)).to.include('transition-consistency')
  })

  it('says all that as text', () => {
    const text = raceText(report, painter(false), 120)
    expect(text).to.match(/^VALID {2}race, quick/)
    expect(text).to.match(/detection score 100 %: \d+ of \d+ checks caught their mistake, in \d+ broken targets/)
    expect(text).to.match(/result-ring\/0 +an empty ring, one and three results · all: [\d,]+ executions/)
    expect(text).to.include('npx busbar race --quick --only lost-update')
  })

  it('says all that as JSON', () => {
    const parsed = JSON.parse(raceJson(report))
    expect(parsed.result).to.equal('valid')
    expect(parsed.explored[0].exploration.outcomes).to.be.an('object')
    expect(parsed.detections).to.have.lengthOf(report.detections.length)
  })

  it('is invalid if a checker misses, or cries wolf', () => {
    const { result: _, ...rest } = report
    const [first] = report.detections
    if (!first) throw new Error('nothing was detected')
    for (const change of [{ caught: false }, { falseAlarm: true }]) {
      const detections = [{ ...first, ...change }]
      expect(resultOf({ ...rest, detections })).to.equal('invalid')
    }
    expect(scoreOf([{ ...first, caught: false }])).to.deep.equal({ targets: 1, asked: 1, caught: 0, falseAlarms: 0 })
  })

  it('is unknown if something could not be carried out, or was interrupted', () => {
    const { result: _, ...rest } = report
    expect(resultOf({ ...rest, failed: [{ what: 'litmus/x', why: 'no memory' }] })).to.equal('unknown')
    expect(resultOf({ ...rest, interrupted: true })).to.equal('unknown')
  })

  it('reports what ran when it is interrupted', async () => {
    const controller = new AbortController()
    const interrupted = await race({
      effort: 'default',
      only: 'broken',
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(interrupted.interrupted).to.equal(true)
    expect(interrupted.result).to.not.equal('valid')
    expect(interrupted.detections).to.not.be.empty
  }).timeout(60_000)

  it('shows a failure as a page', () => {
    const [explored] = report.explored
    if (!explored) throw new Error('nothing was explored')
    const failure = {
      kind: 'check' as const,
      reason: 'one-opener: two have opened it',
      schedule: 'a2b3a',
      preemptions: 1,
      table: '1  load(0) → 1',
    }
    const exploration = { ...explored.exploration, verdict: 'invalid' as const, failure }
    const text = raceText({ ...report, explored: [{ ...explored, exploration }] }, painter(false), 120)
    expect(text).to.include('one-opener: two have opened it')
    expect(text).to.include('one switch away from a thread that could have gone on:')
    expect(text).to.include(`npx busbar replay programs/${explored.program}/${explored.index} 'a2b3a'`)
  })
})
