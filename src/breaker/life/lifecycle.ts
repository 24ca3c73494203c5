import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import type { Configuration } from '../options.js'
import { loadConfiguration } from '../storage/configuration-block.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { WindowMeasure } from '../window.js'
import { type ControlWords, lifeOf, State } from './control-word.js'
import { type Life, TransitionLog } from './transition-log.js'

/**
 * One thread's picture of the circuit: the control word, the life and the configuration that it saw last; and the one
 * place where a life is ended and the next begun.
 */
export class Lifecycle {
  readonly log: TransitionLog
  /** Called when this thread first sees a life; must not throw. */
  onNewLife: (() => void) | undefined
  #control: number
  #life: Life
  #configuration: Configuration

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    readonly words: ControlWords,
    private readonly slot: number,
    private readonly clock: Clock,
    /** Called whenever the picture has changed, before `onNewLife`. */
    private readonly onChange: () => void,
  ) {
    this.log = new TransitionLog(cells, map, words)
    for (;;) {
      const { control, life } = this.log.current()
      const configuration = this.#read(life)
      // Ends: a difference means that the circuit has moved on.
      if (lifeOf(cells.load(map.control)) !== life.life) continue
      this.#control = control
      this.#life = life
      this.#configuration = configuration
      return
    }
  }

  /** The control word that this thread saw last. */
  get control(): number {
    return this.#control
  }

  get life(): Life {
    return this.#life
  }

  get configuration(): Configuration {
    return this.#configuration
  }

  /** Makes the picture that of `control`, which was just read. Returns false if the circuit has moved on meanwhile. */
  look(control: number): boolean {
    if (control === this.#control) return true
    const known = lifeOf(control) === this.#life.life
    const life = known ? this.#life : this.log.read(lifeOf(control))
    if (!life) return false
    if (life.configuration !== this.#life.configuration) {
      const configuration = this.#read(life)
      if (lifeOf(this.cells.load(this.map.control)) !== life.life) return false
      this.#configuration = configuration
    }
    this.#control = control
    this.#life = life
    this.onChange()
    if (!known) this.onNewLife?.()
    return true
  }

  /**
   * Ends `life` and begins the next in `state`. Does nothing if that life is over: then another thread has begun one.
   */
  begin(life: number, state: number, reason: number, measure: WindowMeasure): void {
    for (;;) {
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== life || !this.look(control)) return
      const beganMs = this.clock.nowMs()
      const opens = state === State.open
      const next = this.words.next(control, state, this.slot)
      this.log.write({
        life: next,
        previous: life,
        reason,
        beganMs,
        retryAtMs: opens ? beganMs + this.#configuration.waitDurationInOpenStateMs : beganMs,
        attempt: opens ? this.#life.attempt + 1 : state === State.halfOpen ? this.#life.attempt : 0,
        configuration: this.#life.configuration,
        calls: measure.calls,
        failures: measure.failures,
      })
      // Ends: within a life the word changes once, when the watch is set.
      if (this.cells.compareExchange(this.map.control, control, next) !== control) continue
      this.cells.notify(this.map.control, Number.POSITIVE_INFINITY)
      this.look(next)
      return
    }
  }

  #read(life: Life): Configuration {
    return loadConfiguration(this.cells, this.map.configuration(life.configuration), this.map.sizes.slots)
  }
}
