import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Plan } from '../../src/plan.js'
import resourceExhaustion from '../../src/scenarios/resource-exhaustion.js'
import type { Crew, Member } from '../../src/stress/crew.js'
import { Gate } from '../../src/stress/gate.js'
import { Kills } from '../../src/stress/kills.js'
import { FakeClock } from '../fake-clock.js'

/** How many workers are killed in each stage of a plan, if every one of them is looked at every ten milliseconds for its length. */
function killsByStage(plan: Plan): number[] {
  const { stages } = plan
  const cells = AtomicCells.allocate(Gate.size(stages.length))
  const gate = new Gate(cells, 0, stages.length, new FakeClock())
  const killed: number[] = stages.map(() => 0)
  const members = [{ slot: 0 }, { slot: 1 }] as unknown as Member[]
  const crew = {
    members,
    ready: () => members,
    kill: () => {
      const stage = gate.stage()
      killed[stage] = (killed[stage] ?? 0) + 1
    },
  } as unknown as Crew
  const kills = new Kills(plan, gate, crew, 2)
  gate.open()
  let nowMs = 1000
  for (const [index, { durationMs }] of stages.entries()) {
    for (const untilMs = nowMs + Math.min(durationMs, 2000); nowMs < untilMs; nowMs += 10) kills.look(nowMs)
    gate.advance(index)
    // A stage that is held for kills goes on.
    for (let more = 0; more < 500 && gate.stage() === index; more += 1, nowMs += 10) {
      kills.look(nowMs)
      gate.advance(index)
    }
  }
  return killed
}

describe('kills', () => {
  it('fall into the time in which a resource is used up, and into no other', () => {
    const plan = resourceExhaustion.plan({ cases: ['worker-killed'], kills: 3 })
    expect(killsByStage(plan)).to.deep.equal([0, 0, 0, 3, 0, 0, 0])
  })

  it('hold that time for those that are still due', () => {
    const plan = resourceExhaustion.plan({ cases: ['worker-killed'], kills: 9, durationMs: 100 })
    expect(killsByStage(plan)).to.deep.equal([0, 0, 0, 9, 0, 0, 0])
  })
})
