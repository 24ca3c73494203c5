import { expect } from 'chai'
import { retainedOf } from '../../src/soak/retained.js'
import { rest, Stages, soaked, thread } from './soak-evidence.js'

describe('what a soak retained', () => {
  it('is what the threads hold more at the last rest than at the one before the soak, for each call', () => {
    const figures = retainedOf(
      soaked([thread('coordinator', () => 600), thread('worker-0', (second) => second * 1000)]),
    )
    expect(figures?.soak).to.deep.equal({ bytes: 60_600, calls: 6000 })
    expect(figures?.bytesPerCall).to.be.closeTo(10.1, 1e-9)
  })

  it('leaves out what a bare call retains, which is the engine’s', () => {
    const figures = retainedOf(soaked([thread('worker-0', () => 60_000, { bare: () => 24_000 })]))
    expect(figures?.bare).to.deep.equal({ bytes: 24_000, calls: 6000 })
    expect(figures?.bytesPerCall).to.be.closeTo(10 - 4, 1e-9)
  })

  it('takes nothing off where the bare loop made too few calls to tell', () => {
    const evidence = soaked([thread('worker-0', () => 60_000, { bare: () => 24_000 })])
    const receivedByStage = evidence.downstream.receivedByStage.with(Stages.bare, 1000)
    const few = { ...evidence, downstream: { ...evidence.downstream, receivedByStage } }
    expect(retainedOf(few)?.bytesPerCall).to.be.closeTo(10, 1e-9)
  })

  it('is not known when a thread was not there at the last rest', () => {
    const died = thread('worker-0', () => 0, { rests: [rest(Stages.settled, 1), rest(Stages.before, 1)] })
    expect(retainedOf(soaked([thread('coordinator', () => 0), died]))).to.equal(undefined)
  })
})
