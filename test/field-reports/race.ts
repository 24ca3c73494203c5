import { Circuit } from '../../src/breaker/circuit.js'
import { EventLog } from '../../src/breaker/events/event-log.js'
import { lifeOf, stateName } from '../../src/breaker/life/control-word.js'
import { OpenWait } from '../../src/breaker/life/open-wait.js'
import { memoryOfNew } from '../../src/breaker/new-memory.js'
import type { Rules, ThreadOptions } from '../../src/breaker/options.js'
import { claimSlot } from '../../src/breaker/threads/thread-slots.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Cells } from '../../src/memory/cells.js'
import { systemRandom } from '../../src/world/random.js'
import { interleave } from '../breaker/windows/interleaving.js'
import { FakeClock } from '../fake-clock.js'

/** Cells that note each transition of a circuit, as `closed → open`. */
class ObservedCells extends AtomicCells {
  readonly transitions: string[] = []
  control = -1

  override compareExchange(index: number, expected: number, replacement: number): number {
    const found = super.compareExchange(index, expected, replacement)
    if (index === this.control && found === expected && lifeOf(expected) !== lifeOf(replacement)) {
      this.transitions.push(`${stateName(expected)} → ${stateName(replacement)}`)
    }
    return found
  }
}

/** A circuit in memory, of which any number of threads may have an end: the synchronous whole, over any `Cells`. */
export class Arena {
  readonly clock = new FakeClock()
  readonly cells: ObservedCells
  readonly map
  readonly #options: ThreadOptions

  constructor(options: Rules & ThreadOptions, threads: number) {
    const { handle, map } = memoryOfNew({ name: 'raced', maxThreads: 8, ...options }, { clock: this.clock })
    this.cells = new ObservedCells(handle.buffer)
    this.cells.control = map.control
    this.map = map
    this.#options = options
    for (let thread = 0; thread < threads; thread++) claimSlot(this.cells, map, thread)
  }

  /** The end of the thread in a slot; over other cells on the same memory if given. */
  end(slot: number, cells: Cells = this.cells): Circuit {
    const wait = new OpenWait('raced', systemRandom, this.#options.waitIntervalFunction)
    return new Circuit('raced', cells, this.map, slot, this.clock, wait, new EventLog(cells, this.map, slot))
  }

  /** Over memory of its own that can be stopped between any two operations: `cells` is made of the same buffer. */
  get buffer(): SharedArrayBuffer {
    return this.cells.buffer
  }

  /** Runs each body on its slot's end, their cell operations in a random order. A body is run anew at each step. */
  race(bodies: readonly ((circuit: Circuit) => void)[], seed: number): void {
    this.interleave(
      bodies.map((body, slot) => (cells: Cells) => body(this.end(slot, cells))),
      seed,
    )
  }

  /** As `race`, of bodies that make their own ends. `beforeStep` may look at the memory. */
  interleave(
    bodies: readonly ((cells: Cells) => void)[],
    seed: number,
    beforeStep: () => void = () => undefined,
  ): void {
    const choose = chooserOf(seed)
    interleave(this.cells, bodies, (threads) => {
      beforeStep()
      return choose(threads)
    })
  }
}

/** Which of so many goes next: mostly the one that went last, so that long runs of one thread occur as well as short ones. */
function chooserOf(seed: number): (threads: number) => number {
  let state = seed * 2_654_435_761 + 1
  let last = 0
  const next = () => {
    // A linear congruential generator, with the constants of Numerical Recipes: chance enough to choose a thread.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
  return (threads) => {
    if (next() < 0.4) last = Math.floor(next() * threads)
    return last % threads
  }
}

/** Does something for so many seeds. */
export function forSeeds(count: number, run: (seed: number) => void): void {
  for (let seed = 0; seed < count; seed++) run(seed)
}
