import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { raceNames } from '../../src/race/plug-ins.js'
import { racedBy } from '../../src/race/target-name.js'
import { Crew } from '../../src/race/threads/crew.js'
import { hammer } from '../../src/race/threads/hammer.js'
import { gradeLitmus } from '../../src/race/threads/litmus-grading.js'
import { Rendezvous } from '../../src/race/threads/rendezvous.js'
import { FakeClock } from '../fake-clock.js'

describe('programs on real threads', () => {
  let crew: Crew
  before(() => {
    crew = new Crew(4, new AbortController().signal)
  })
  after(() => crew.close())

  it('give no outcome that interleavings do not', async () => {
    for (const name of await raceNames('litmus')) {
      const target = `litmus/${name}`
      const possible = await crew.run({ kind: 'outcomes', target, timeMs: 10_000 }, 30_000)
      const hammered = await hammer(crew, target, { timeMs: 50 })
      const { result, outcomes } = gradeLitmus(name, '', possible, hammered)
      expect(result, JSON.stringify(outcomes)).to.equal('valid')
      expect(hammered.iterations).to.be.at.least(250)
    }
  }).timeout(60_000)

  it('end as the explorer says, with the shipped breaker', async () => {
    const target = 'programs/two-threads-four-calls/0'
    const { outcomes: possible } = explore(await racedBy(target))
    const { outcomes } = await hammer(crew, target, { timeMs: 200 })
    for (const outcome of outcomes.keys()) expect(possible.has(outcome), outcome).to.equal(true)
    expect(outcomes.size).to.be.above(1)
  }).timeout(60_000)

  it('have linearizable histories, by the tickets of their calls', async () => {
    const { histories, iterations, notLinearizable } = await hammer(crew, 'programs/linearizable-calls/0', {
      timeMs: 200,
    })
    expect(notLinearizable).to.equal(undefined)
    expect(histories).to.equal(iterations)
  }).timeout(60_000)

  it('of a mistake have histories that are not', async () => {
    const target = 'broken/lost-update/linearizability'
    const { notLinearizable } = await hammer(crew, target, { timeMs: 20_000 })
    expect(notLinearizable).to.have.lengthOf(2)
  }).timeout(60_000)

  it('reject for a target that there is not', async () => {
    const error = await hammer(crew, 'litmus/nope', { timeMs: 10 }).catch((thrown: Error) => thrown)
    expect(error)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/litmus\/nope is not known; there are: /)
  })

  it('end with their crew, when that is interrupted', async () => {
    const controller = new AbortController()
    const own = new Crew(2, controller.signal)
    const running = hammer(own, 'litmus/store-buffering', { timeMs: 60_000, signal: controller.signal })
    controller.abort()
    const ended = await running.catch((error: Error) => error.message)
    await own.close()
    expect(ended).to.satisfy((end: unknown) => end === 'interrupted' || typeof end === 'object')
  }).timeout(30_000)
})

describe('a rendezvous', () => {
  it('does not wait for ever for a thread that never comes', () => {
    const clock = new FakeClock()
    const cells = AtomicCells.allocate(2)
    const { wait } = cells
    // Time passes as it naps.
    cells.wait = (...nap) => {
      clock.pass(1000)
      return wait.apply(cells, [nap[0], nap[1], 0])
    }
    expect(() => new Rendezvous(cells, 2, clock).arrive()).to.throw('a thread did not come to iteration 1')
  })

  it('lets all go when the last has come, iteration by iteration', () => {
    const cells = AtomicCells.allocate(2)
    const alone = new Rendezvous(cells, 1)
    for (let iteration = 1; iteration <= 3; iteration++) {
      alone.arrive()
      expect(cells.load(0)).to.equal(iteration)
    }
  })
})

describe('the grades of a litmus test', () => {
  const possible = { all: ['a', 'b', 'c'], serial: ['a', 'b'], exhausted: true }
  const seen = (...outcomes: string[]) => ({
    iterations: 9,
    outcomes: new Map(outcomes.map((outcome) => [outcome, 3])),
    histories: 0,
  })

  it('tell what threads give one after another from what only an interleaving gives', () => {
    const { result, outcomes } = gradeLitmus('x', '?', possible, seen('a', 'c'))
    expect(result).to.equal('valid')
    expect(outcomes).to.deep.equal([
      { outcome: 'a', grade: 'acceptable', count: 3 },
      { outcome: 'b', grade: 'acceptable', count: 0 },
      { outcome: 'c', grade: 'interesting', count: 3 },
    ])
  })

  it('forbid what no interleaving gives', () => {
    expect(gradeLitmus('x', '?', possible, seen('d')).result).to.equal('invalid')
  })

  it('are unknown if not all interleavings are known', () => {
    expect(gradeLitmus('x', '?', { ...possible, exhausted: false }, seen('d')).result).to.equal('unknown')
  })
})
