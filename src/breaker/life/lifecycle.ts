import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import type { Configuration } from '../options.js'
import { loadConfiguration, storeConfiguration } from '../storage/configuration-block.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { WindowMeasure } from '../window.js'
import { type ControlWords, lifeOf, State, stateOf, watched } from './control-word.js'
import type { OpenWait } from './open-wait.js'
import { type Life, Reason, TransitionLog } from './transition-log.js'

/** What a new life may be given beside its state. */
export interface Beginning {
  /** How long it stays open; otherwise as configured. */
  readonly waitMs?: number | undefined
  /** The error that opened it. */
  readonly error?: unknown
  /** The configuration from now on; otherwise the one in force. */
  readonly configuration?: Configuration
}

/** A life that a user asks for. */
export interface Wish extends Beginning {
  readonly state: number
}

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
    private readonly openWait: OpenWait,
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
   * Ends `life` and begins the next in `state`. Returns false, and does nothing, if that life is over: then another thread
   * has begun one.
   */
  begin(life: number, state: number, reason: number, measure: WindowMeasure, how: Beginning = {}): boolean {
    if (!this.#lookAt(life)) return false
    const attempt = this.#attempt(state, reason)
    // Asked before anything is written: it may be a function of the user's, which may do anything.
    const waitMs = state === State.open ? (how.waitMs ?? this.openWait.ms(this.#configuration, attempt, how.error)) : 0
    for (;;) {
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== life || !this.look(control)) return false
      const beganMs = this.clock.nowMs()
      const next = this.words.next(control, state, this.slot)
      this.log.write({
        life: next,
        previous: life,
        reason,
        beganMs,
        retryAtMs:
          reason === Reason.reconfigured ? this.#life.retryAtMs : beganMs + waitMs + this.#rampUpMs(state, reason),
        attempt,
        configuration: how.configuration ? this.#publish(how.configuration) : this.#life.configuration,
        calls: measure.calls,
        failures: measure.failures,
        slow: measure.slow,
      })
      // Ends: within a life the word changes a few times only, when it is watched or observed.
      if (this.cells.compareExchange(this.map.control, control, next) !== control) continue
      this.cells.notify(this.map.control, Number.POSITIVE_INFINITY)
      this.look(next)
      return true
    }
  }

  /** Marks a closed life that has a failure. Returns false if the word has changed meanwhile. */
  watch(control: number): boolean {
    if (this.cells.compareExchange(this.map.control, control, watched(control)) !== control) return false
    return this.look(watched(control))
  }

  /** Whether `life` is in force, and then this thread's picture is of it. */
  #lookAt(life: number): boolean {
    const control = this.cells.load(this.map.control)
    return lifeOf(control) === life && this.look(control) && this.#life.life === life
  }

  #attempt(state: number, reason: number): number {
    const { life, attempt, retryAtMs } = this.#life
    if (reason === Reason.reconfigured) return attempt
    if (state === State.halfOpen) return attempt
    if (state === State.closed) return this.#rampUpMs(state, reason) > 0 ? attempt : 0
    if (state !== State.open) return 0
    // A closed circuit that still ramps up has not recovered yet.
    return stateOf(life) !== State.closed || this.clock.nowMs() < retryAtMs ? attempt + 1 : 1
  }

  /** How long the next life ramps up, if it is a closed one that follows probes. */
  #rampUpMs(state: number, reason: number): number {
    const { rampUp } = this.#configuration
    const recovers = reason === Reason.probesSucceeded || reason === Reason.probesUndecided
    return rampUp && recovers && state === State.closed ? rampUp.shares.length * rampUp.stepDurationMs : 0
  }

  /** Writes a configuration where no life names one, on this thread's own lines; returns its name. */
  #publish(configuration: Configuration): number {
    const first = this.slot * 2
    const free = this.#life.configuration === first ? first + 1 : first
    storeConfiguration(this.cells, this.map.configuration(free), configuration)
    return free
  }

  #read(life: Life): Configuration {
    return loadConfiguration(this.cells, this.map.configuration(life.configuration))
  }
}
