import { expect } from 'chai'
import { Circuit } from '../../src/breaker/circuit.js'
import { EventLog } from '../../src/breaker/events/event-log.js'
import { State } from '../../src/breaker/life/control-word.js'
import { OpenWait } from '../../src/breaker/life/open-wait.js'
import { Reason } from '../../src/breaker/life/transition-log.js'
import { resolveRules } from '../../src/breaker/resolve-options.js'
import { type Snapshot, takeSnapshot } from '../../src/breaker/snapshot.js'
import { countsOf } from '../../src/breaker/threads/counters.js'
import type { Cells } from '../../src/memory/cells.js'
import { systemRandom } from '../../src/world/random.js'
import { FakeClock } from '../fake-clock.js'
import { Arena, forSeeds } from '../field-reports/race.js'

const rules = { slidingWindow: { type: 'count', size: 4 }, minimumCalls: 4, failureRateThreshold: 1 } as const

/** What must be of one instant. */
function instant({ state, epoch, reason, sinceMs, retryAtMs, configuration }: Snapshot) {
  return { state, epoch, reason, sinceMs, retryAtMs, wait: configuration.waitDurationInOpenStateMs }
}

/** An end with a clock of its own, so that a body that is run anew meets the same times. */
function endWithClock(arena: Arena, slot: number, cells: Cells) {
  const clock = new FakeClock()
  const wait = new OpenWait('raced', systemRandom, undefined)
  const circuit = new Circuit('raced', cells, arena.map, slot, clock, wait, new EventLog(cells, arena.map, slot))
  return { clock, circuit }
}

/** Eight lives; each of another moment, and every second one with other rules. */
function live(arena: Arena, cells: Cells, seen: (circuit: Circuit) => void = () => undefined): void {
  const { clock, circuit } = endWithClock(arena, 0, cells)
  seen(circuit)
  for (let round = 1; round <= 8; round++) {
    clock.pass(round)
    const configuration = resolveRules({ ...rules, waitDurationInOpenStateMs: 1000 * round })
    circuit.change(Reason.reconfigured, (state) => ({
      state: state === State.open ? State.closed : State.open,
      ...(round % 2 ? { configuration } : {}),
    }))
    seen(circuit)
  }
}

describe('a snapshot taken while the circuit changes', () => {
  it('is of one instant: state, epoch, moment, deadline and rules belong together', () => {
    const alone = new Arena(rules, 3)
    const lives: object[] = []
    live(alone, alone.cells, (circuit) => lives.push(instant(takeSnapshot(alone.cells, alone.map, circuit))))
    expect(lives).to.have.length(9)

    const met = new Set<number>()
    forSeeds(30, (seed) => {
      const arena = new Arena(rules, 3)
      let taken: Snapshot | undefined
      arena.interleave(
        [
          (cells) => live(arena, cells),
          (cells) => {
            // So that it meets the later lives as well.
            for (let idle = 0; idle < (seed * 13) % 260; idle++) cells.load(arena.map.control)
            taken = takeSnapshot(cells, arena.map, endWithClock(arena, 1, cells).circuit)
          },
        ],
        seed,
      )
      if (!taken) throw new Error('no snapshot')
      expect(instant(taken)).to.deep.equal(lives[taken.epoch])
      met.add(taken.epoch)
    })
    expect(met.size, 'snapshots of different moments').to.be.greaterThan(5)
  })

  const windows = [
    { type: 'count', size: 4 },
    { type: 'consecutive', size: 50 },
    { type: 'time', durationMs: 1000, buckets: 4 },
  ] as const
  for (const slidingWindow of windows) {
    it(`has sums between those at its call and at its return: ${slidingWindow.type} window`, () => {
      forSeeds(40, (seed) =>
        betweenCallAndReturn(new Arena({ slidingWindow, minimumCalls: 4, failureRateThreshold: 1 }, 4), seed),
      )
    })
  }
})

interface Sums {
  readonly calls: number
  readonly failures: number
  readonly success: number
  readonly error: number
}

/** Two threads call, a third takes a snapshot; the truth is measured at every step between its call and its return. */
function betweenCallAndReturn(arena: Arena, seed: number): void {
  const observer = endWithClock(arena, 3, arena.cells).circuit
  const life = observer.lifecycle.life.life
  const truth = (): Sums => {
    const { calls, failures } = observer.windowOf(life, observer.lifecycle.configuration).measure(life)
    const counts = [0, 1].map((slot) => countsOf(arena.cells, arena.map, slot))
    const sum = (outcome: 'success' | 'error') => counts.reduce((total, count) => total + count[outcome], 0)
    return { calls, failures, success: sum('success'), error: sum('error') }
  }
  const calling = (slot: number) => (cells: Cells) => {
    const { circuit } = endWithClock(arena, slot, cells)
    for (let call = 0; call < 6; call++) {
      const permission = circuit.tryAcquire()
      if ((call + slot) % 3 === 0) circuit.fail(permission)
      else circuit.succeed(permission)
    }
  }
  const truths: Sums[] = []
  let taken: Snapshot | undefined
  let began = false
  const taking = (cells: Cells) => {
    const { circuit } = endWithClock(arena, 2, cells)
    began = true
    const snapshot = takeSnapshot(cells, arena.map, circuit)
    taken = snapshot
  }
  arena.interleave([calling(0), calling(1), taking], seed, () => began && !taken && truths.push(truth()))
  truths.push(truth())
  if (!taken) throw new Error('no snapshot')
  const { calls, failures, total } = taken
  for (const [name, value] of Object.entries({ calls, failures, success: total.success, error: total.error })) {
    const values = truths.map((sums) => sums[name as keyof Sums])
    expect(value, `${name}, seed ${seed}`).to.be.within(Math.min(...values), Math.max(...values))
  }
}
