import { expect } from 'chai'
import { type Loop, nanosecondsPerCall, takeTurns } from '../../src/profiler/turns.js'

/** A loop that notes its turns, and how many calls each made. */
function noted(name: string, turns: string[], made: Set<number>): Loop {
  return (times) => {
    turns.push(name)
    made.add(times)
  }
}

describe('loops in turns', () => {
  it('have as many turns each, every second round the other way round', async () => {
    const turns: string[] = []
    const made = new Set<number>()
    const candidates = { a: noted('a', turns, made), b: noted('b', turns, made) }
    const series = await takeTurns(candidates, { rounds: 4, turnMs: 0.01 })
    expect(series.a).to.have.lengthOf(4)
    expect(series.b).to.have.lengthOf(4)
    expect(turns.slice(-8).join('')).to.equal('abbaabba')
  })

  it('keep the rounds that were when they are stopped', async () => {
    let asked = 0
    const goesOn = () => asked++ < 3
    const series = await takeTurns({ a: () => {} }, { rounds: 100, turnMs: 0.01, goesOn })
    expect(series.a).to.have.lengthOf(3)
  })

  it('await a loop that takes its time', async () => {
    let ended = 0
    const loop: Loop = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      ended += 1
    }
    let begun = 0
    const counted: Loop = (times) => {
      expect(ended).to.equal(begun)
      begun += 1
      return loop(times)
    }
    await takeTurns({ counted }, { rounds: 3, turnMs: 0.001 })
    expect(ended).to.equal(begun)
  })

  it('are told in nanoseconds a call', () => expect(nanosecondsPerCall(2, 1000)).to.equal(2000))
})
