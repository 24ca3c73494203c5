import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import { stateName } from '../../src/breaker/life/control-word.js'
import { small } from '../breaker/driver.js'
import { death, SteppedCells } from '../breaker/registry/stepped-cells.js'
import { Arena } from './race.js'

type End = ReturnType<Arena['end']>

const quick = { ...small, minimumCalls: 2, maxConcurrentCalls: 2 } as const

/** Everything that a call can do: fail until the circuit opens, be refused, probe, and close. */
function everything(arena: Arena, circuit: End): void {
  const call = (fails: boolean) => {
    const permission = circuit.tryAcquire()
    if (permission === REFUSED) return
    if (fails) circuit.fail(permission)
    else circuit.succeed(permission)
  }
  call(true)
  call(true)
  call(false)
  arena.clock.pass(1000)
  call(false)
  call(false)
  call(true)
}

describe('field reports: locks', () => {
  it('field-report-29 two threads, each stopped anywhere while the other crosses two breakers the other way, both end', () => {
    let stops = 0
    for (let step = 0; ; step++) {
      const [one, two] = [new Arena(quick, 2), new Arena(quick, 2)]
      const cells = [new SteppedCells(one.buffer), new SteppedCells(two.buffer)]
      const nested = (outer: End, inner: End) => {
        const permission = outer.tryAcquire()
        const within = inner.tryAcquire()
        if (within !== REFUSED) inner.fail(within)
        if (permission !== REFUSED) outer.fail(permission)
      }
      const mine = [one.end(0, cells[0]), two.end(0, cells[1])] as const
      let stopped = false
      const meanwhile = () => {
        stopped = true
        for (let times = 0; times < 3; times++) nested(two.end(1), one.end(1))
      }
      cells[step % 2]?.interrupt(Math.floor(step / 2), meanwhile)
      for (let times = 0; times < 3; times++) nested(mine[0], mine[1])
      if (!stopped && step > 100) break
      stops += stopped ? 1 : 0
    }
    expect(stops).to.be.greaterThan(40)
  })

  it('field-report-40 a thread that dies between any two operations on memory holds up nobody', () => {
    let deaths = 0
    for (let step = 0; ; step++) {
      const arena = new Arena(quick, 2)
      const cells = new SteppedCells(arena.buffer)
      const dying = arena.end(0, cells)
      cells.dieAfter(step)
      try {
        everything(arena, dying)
        break
      } catch (thrown) {
        expect(thrown).to.equal(death)
        deaths += 1
      }
      const other = arena.end(1)
      for (let times = 0; times < 3; times++) {
        everything(arena, other)
        arena.clock.pass(60_000)
      }
      const probe = other.tryAcquire()
      expect(probe, `died after ${step} operations`).not.to.equal(REFUSED)
      other.succeed(probe)
      const again = other.tryAcquire()
      if (again !== REFUSED) other.succeed(again)
      expect(stateName(arena.cells.load(arena.map.control)), `died after ${step} operations`).to.equal('closed')
    }
    expect(deaths).to.be.greaterThan(100)
  })
})
