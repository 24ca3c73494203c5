import { ControlWords, lifeOf, State, watched } from '../../../src/breaker/life/control-word.js'
import type { Rules } from '../../../src/breaker/options.js'
import { resolveRules } from '../../../src/breaker/resolve-options.js'
import { MemoryMap } from '../../../src/breaker/storage/memory-map.js'
import { Counters } from '../../../src/breaker/threads/counters.js'
import { NO_VERDICT, type WindowMeasure } from '../../../src/breaker/window.js'
import { CountWindow } from '../../../src/breaker/windows/count.js'
import { Thresholds } from '../../../src/breaker/windows/thresholds.js'
import type { Cells } from '../../../src/memory/cells.js'
import { FakeClock } from '../../fake-clock.js'

export type Call = 'success' | 'failure' | 'slow' | 'slow failure'
export type CountRules = Omit<Rules, 'slidingWindow'> & { readonly size: number }

const SLOTS = 4
export const words = new ControlWords(SLOTS)

/** A breaker's memory with a ring of so many cells; a power of two. */
export function mapWithRing(ring: number, slots = SLOTS): MemoryMap {
  return new MemoryMap(0, { slots, leases: 1, buckets: 0, ring, seats: 0, events: 16 })
}

/** A ring with a cell for each slot to spare, as the window wants it. */
export function roomFor(size: number): number {
  return 2 ** Math.ceil(Math.log2(size + SLOTS))
}

/** A closed life that no failure was recorded in. */
export function life(sequence: number): number {
  return words.compose(State.closed, sequence, 0)
}

/** One thread's count window, and what the circuit does around it. */
export class End {
  readonly window: CountWindow
  /** The last verdict other than none. */
  verdict = NO_VERDICT

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    slot: number,
    { size, ...rules }: CountRules,
  ) {
    const configuration = resolveRules({ ...rules, slidingWindow: { type: 'count', size } })
    const counters = new Counters(cells, map.counters(slot))
    this.window = new CountWindow({ cells, map, words, counters, slot, clock: new FakeClock(), configuration }, size)
  }

  record(call: Call): number {
    const control = this.cells.load(this.map.control)
    const given = this.#recordIn(lifeOf(control), control, call)
    if (given !== NO_VERDICT) this.verdict = given
    return given
  }

  #recordIn(life: number, control: number, call: Call): number {
    if (call === 'success') return this.window.recordSuccess(life)
    if (control === life) this.cells.compareExchange(this.map.control, control, watched(control))
    return call === 'failure' ? this.window.recordFailure(life) : this.window.recordSlow(life, call === 'slow failure')
  }
}

/** What these calls amount to. */
export function verdictOf({ size, ...rules }: CountRules, measure: WindowMeasure): number {
  return new Thresholds(resolveRules({ ...rules, slidingWindow: { type: 'count', size } }), size).verdict(measure)
}

/** What a count window is: an array. */
export class CountModel {
  #calls: Call[] = []

  constructor(private readonly rules: CountRules) {}

  record(call: Call): void {
    this.#calls = [...this.#calls, call].slice(-this.rules.size)
  }

  clear(): void {
    this.#calls = []
  }

  get measure(): WindowMeasure {
    return {
      calls: this.#calls.length,
      failures: this.#calls.filter((call) => call.endsWith('failure')).length,
      slow: this.#calls.filter((call) => call.startsWith('slow')).length,
    }
  }

  get verdict(): number {
    return verdictOf(this.rules, this.measure)
  }
}
