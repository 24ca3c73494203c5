import { expect } from 'chai'
import { Pauses } from '../../src/profiler/pauses.js'
import { Arena, HistogramKind } from '../../src/stress/arena.js'
import { summarize } from '../../src/stress/latency.js'
import { Session } from '../../src/stress/load/session.js'
import { Outcome } from '../../src/target.js'
import { FakeClock } from '../fake-clock.js'
import { smallPlan } from './fixtures/plans.js'

/** The latency that is told of one call from 0 to 100 ms, of which the thread stood still from 20 to 80. */
function latencyOf(outcome: Outcome, intendedMs: number): number {
  const plan = smallPlan({ stages: [{ name: 'steady', role: 'steady', durationMs: 5000 }] })
  const arena = Arena.allocate({ stages: 1, slots: 1, journals: 1 })
  const clock = new FakeClock(20)
  const pauses = new Pauses(clock)
  pauses.measure(() => clock.pass(60))
  // A call's end asks nothing of the target or its backend.
  const unused = {} as never
  const session = new Session(plan, arena, 0, arena.journal(0), unused, unused, pauses)
  arena.gate.open()
  const client = session.client()
  client.request.intendedMs = intendedMs
  session.end(client, outcome, 0, 100)
  const kind = outcome === Outcome.refused ? HistogramKind.refused : HistogramKind.letThrough
  return summarize([arena.histogram(0, 0, kind)]).maxMs
}

describe('stress: the latency of a call in which its thread stood still to be looked at', () => {
  it('is told without that', () => expect(latencyOf(Outcome.success, 5)).to.be.closeTo(40, 0.1))

  it('is never less than the backend meant to take, for that went on meanwhile', () => {
    expect(latencyOf(Outcome.success, 90)).to.be.closeTo(90, 0.1)
    expect(latencyOf(Outcome.error, 500)).to.be.closeTo(100, 0.1)
  })

  it('has no backend in it where the call was refused', () => {
    expect(latencyOf(Outcome.refused, 90)).to.be.closeTo(40, 0.1)
  })
})
