import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import { State, stateName, states } from '../../src/breaker/life/control-word.js'
import { Reason } from '../../src/breaker/life/transition-log.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { drive, small } from '../breaker/driver.js'
import { death, SteppedCells } from '../breaker/registry/stepped-cells.js'
import { Arena, forSeeds } from './race.js'

type End = ReturnType<Arena['end']>

const quick = { ...small, minimumCalls: 1 } as const

function open(circuit: End): void {
  circuit.change(Reason.manual, () => ({ state: State.open }))
}

function failOnce(circuit: End): void {
  const permission = circuit.tryAcquire()
  if (permission !== REFUSED) circuit.fail(permission)
}

function succeedOnce(circuit: End): void {
  const permission = circuit.tryAcquire()
  if (permission !== REFUSED) circuit.succeed(permission)
}

/** After whatever happened: time passes, the backend answers, and the circuit closes. */
function recovers(arena: Arena, slot: number): boolean {
  const circuit = arena.end(slot)
  // A permission taken by a thread that died before it wrote until when is given a lease by who finds it: twice a lease's time.
  for (let round = 0; round < 3; round++) {
    arena.clock.pass(60_000)
    for (let call = 0; call < 4; call++) succeedOnce(circuit)
  }
  return stateName(arena.cells.load(arena.map.control)) === 'closed'
}

describe('field reports: transitions', () => {
  it('field-report-04 who loses 20,000 races for a transition in a row neither recurses nor fails', () => {
    const arena = new Arena(quick, 2)
    const other = arena.end(1)
    let races = 0
    class Contended extends AtomicCells {
      override compareExchange(index: number, expected: number, replacement: number): number {
        if (index === arena.map.control && races < 20_000) {
          races += 1
          other.change(Reason.reset, () => ({ state: State.closed }))
        }
        return super.compareExchange(index, expected, replacement)
      }
    }
    open(arena.end(0, new Contended(arena.buffer)))
    expect(races).to.equal(20_000)
    expect(arena.cells.transitions).to.have.length(20_000)
    expect(stateName(arena.cells.load(arena.map.control))).to.equal('open')
  })

  it('field-report-05 no race makes a transition that is none: only these four occur', () => {
    const seen = new Set<string>()
    forSeeds(300, (seed) => {
      const arena = new Arena(quick, 3)
      const mixed = (circuit: End) => {
        failOnce(circuit)
        succeedOnce(circuit)
        failOnce(circuit)
      }
      if (seed % 2 === 0) {
        open(arena.end(0))
        arena.clock.pass(1000)
      }
      arena.cells.transitions.length = 0
      arena.race(seed % 4 === 0 ? [succeedOnce, succeedOnce, mixed] : [mixed, succeedOnce, mixed], seed)
      for (const transition of arena.cells.transitions) seen.add(transition)
      for (const [index, transition] of arena.cells.transitions.entries()) {
        const before = arena.cells.transitions[index - 1]
        if (before) expect(transition.split(' → ')[0]).to.equal(before.split(' → ')[1])
      }
    })
    // What is missing needs time to pass within a race: it is reached by the seeds that begin open.
    expect([...seen].sort()).to.deep.equal([
      'closed → open',
      'half-open → closed',
      'half-open → open',
      'open → half-open',
    ])
  })

  it('field-report-06 the end of the wait does not leave forced-open, whoever is first', () => {
    forSeeds(200, (seed) => {
      const arena = new Arena(small, 2)
      open(arena.end(0))
      arena.clock.pass(1000)
      const force = (circuit: End) =>
        circuit.change(Reason.manual, (state) => (state === State.forcedOpen ? undefined : { state: State.forcedOpen }))
      arena.race([(circuit) => void circuit.tryAcquire(), force], seed)
      expect(stateName(arena.cells.load(arena.map.control)), `seed ${seed}`).to.equal('forced-open')
      arena.clock.pass(3_600_000)
      expect(arena.end(0).tryAcquire()).to.equal(REFUSED)
    })
  })

  it('field-report-09 a thread that dies anywhere in the flip to half-open leaves nobody refused for ever', () => {
    let died = 0
    for (let step = 0; step < 400; step++) {
      const arena = new Arena(small, 2)
      open(arena.end(1))
      const cells = new SteppedCells(arena.buffer)
      const dying = arena.end(0, cells)
      arena.clock.pass(1000)
      cells.dieAfter(step)
      try {
        succeedOnce(dying)
        succeedOnce(dying)
        break
      } catch (thrown) {
        expect(thrown).to.equal(death)
        died += 1
      }
      expect(recovers(arena, 1), `died after ${step} operations`).to.equal(true)
    }
    expect(died).to.be.within(20, 399)
  })

  it('field-report-10 however threads race a close and a reopening, the circuit recovers', () => {
    forSeeds(300, (seed) => {
      const arena = new Arena(quick, 3)
      open(arena.end(0))
      arena.clock.pass(1000)
      arena.race(
        [
          (circuit) => {
            succeedOnce(circuit)
            failOnce(circuit)
          },
          succeedOnce,
          failOnce,
        ],
        seed,
      )
      expect(recovers(arena, 0), `seed ${seed}`).to.equal(true)
    })
  })

  it('field-report-11 whoever sees that the circuit is open sees until when, in the same race', () => {
    let opens = 0
    forSeeds(300, (seed) => {
      const arena = new Arena(quick, 2)
      const now = arena.clock.nowMs()
      const seen: number[] = []
      const watch = (circuit: End) => {
        seen.length = 0
        for (let look = 0; look < 6; look++) {
          const { life } = circuit.lifecycle.log.current()
          if (stateName(life.life) === 'open') seen.push(life.retryAtMs)
          if (circuit.tryAcquire() === REFUSED) seen.push(now + circuit.refusals.error.retryAfterMs)
        }
      }
      arena.race([failOnce, watch], seed)
      opens += seen.length
      for (const retryAtMs of seen) expect(retryAtMs, `seed ${seed}`).to.equal(now + 1000)
    })
    expect(opens).to.be.greaterThan(100)
  })

  it('field-report-14 calls that overhang an opening open nothing again, and no more probes go than permitted', () => {
    const { breaker, clock } = drive(small)
    const overhanging = Array.from({ length: 50 }, () => breaker.tryAcquirePermission())
    const counted = overhanging.filter((permission) => breaker.onError(permission))
    expect(counted).to.have.length(4)
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 1 })
    clock.pass(1000)
    const stampede = Array.from({ length: 100 }, () => breaker.tryAcquirePermission())
    expect(stampede.filter((permission) => permission !== REFUSED)).to.have.length(2)
    expect(breaker.snapshot()).to.include({ state: 'half-open', epoch: 2 })
  })

  it('field-report-18 attaching changes no word of the circuit', () => {
    const { breaker, another, fail, clock } = drive(small)
    fail(2)
    breaker.transitionToOpen()
    clock.pass(10)
    const { threads: _, ...before } = breaker.snapshot()
    const ends = [another(), another(), another()]
    const { threads, ...after } = breaker.snapshot()
    expect(after).to.deep.equal(before)
    expect(threads.map(({ total }) => total.error)).to.deep.equal([2, 0, 0, 0])
    for (const end of ends) expect(end.state).to.equal('open')
  })

  it('field-report-19 attaching to an open circuit leaves the time of its opening', () => {
    const { breaker, another, clock } = drive(small)
    breaker.transitionToOpen()
    const { sinceMs, retryAtMs } = breaker.snapshot()
    clock.pass(900)
    const late = another()
    expect(late.snapshot()).to.include({ sinceMs, retryAtMs })
    expect(late.tryAcquirePermission()).to.equal(REFUSED)
    expect(late.refusal()).to.include({ retryAfterMs: 100 })
  })

  it('field-report-20 threads that come and go faster than the wait do not keep the circuit open', () => {
    const { breaker, another, clock } = drive(small)
    breaker.transitionToOpen()
    for (let start = 0; start < 10; start++) {
      clock.pass(100)
      const end = another()
      if (start < 9) expect(end.tryAcquirePermission(), `start ${start}`).to.equal(REFUSED)
      else expect(end.isProbe(end.tryAcquirePermission())).to.equal(true)
      end.detach()
    }
  })

  it('field-report-21 six failures at the same moment open once, and the wait ends when it should', () => {
    const { breaker, clock } = drive(small)
    const six = Array.from({ length: 6 }, () => breaker.tryAcquirePermission())
    for (const permission of six) breaker.onError(permission)
    const { retryAtMs } = breaker.snapshot()
    expect(retryAtMs).to.equal(clock.nowMs() + 1000)
    clock.pass(1000)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })

  it('field-report-22 a success under way closes no open circuit, and a circuit is always in exactly one state', () => {
    const { breaker } = drive(small)
    const early = breaker.tryAcquirePermission()
    breaker.transitionToOpen()
    expect(breaker.onSuccess(early)).to.equal(false)
    expect(breaker.state).to.equal('open')
    // The state is three bits of one word: each of the eight values is one of the six.
    for (let code = 0; code < 8; code++) expect(states).to.include(stateName(code))
  })

  it('field-report-31 neither a late success nor a late failure decides a half-open circuit', () => {
    const { breaker, clock } = drive(small)
    const [success, failure] = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission()]
    breaker.transitionToOpen()
    clock.pass(1000)
    breaker.onSuccess(breaker.tryAcquirePermission())
    expect(breaker.onSuccess(success)).to.equal(false)
    expect(breaker.state).to.equal('half-open')
    expect(breaker.onError(failure)).to.equal(false)
    expect(breaker.snapshot()).to.include({ state: 'half-open', epoch: 2 })
  })
})
