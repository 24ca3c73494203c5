import { expect } from 'chai'
import type { TransitionRecord } from '../../src/evidence.js'
import { circuitEvidence } from '../../src/stress/circuits.js'
import type { Member } from '../../src/stress/crew.js'
import type { CircuitObservation } from '../../src/target.js'
import shared from '../../src/targets/shared.js'

const opened = (epoch: number, by: number): TransitionRecord => ({ from: 'closed', to: 'open', epoch, atMs: 100, by })
const probed = (epoch: number, by: number): TransitionRecord => ({
  from: 'open',
  to: 'half-open',
  epoch,
  atMs: 101,
  by,
})

describe('what a shared circuit did', () => {
  it('is told by the coordinator and by the workers that did it, each transition once and in order', () => {
    const [first, second, third] = [opened(1, 0), probed(2, 1), opened(3, 0)]
    const circuit = told([first, third], 1, [[first, third], [second]])
    expect(circuit?.transitions.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3])
    expect(circuit?.lost).to.equal(0)
  })

  it('is lost where neither tells of it', () => {
    expect(told([opened(1, 0), opened(5, 0)], 3, [[probed(2, 1)]])?.lost).to.equal(2)
  })

  it('keeps both where two say different things of one epoch', () => {
    const circuit = told([opened(1, 0)], 0, [[probed(1, 1)]])
    expect(circuit?.transitions).to.have.length(2)
    expect(circuit?.lost).to.equal(0)
  })
})

function told(seen: TransitionRecord[], lost: number, byWorker: TransitionRecord[][]) {
  const prepared = {
    handle: undefined,
    observe: (): CircuitObservation => ({ state: 'open', transitions: seen, lost }),
    close() {},
  }
  const members = byWorker.map(
    (transitions, worker) =>
      ({ worker, answer: { circuit: { state: 'open', transitions, lost: 0 }, lastErrors: [] } }) as unknown as Member,
  )
  return circuitEvidence(shared, prepared, members, 0)[0]
}
