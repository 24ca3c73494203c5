import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { isDemanded } from '../events/demand.js'
import type { Configuration } from '../options.js'
import { loadConfiguration, storeConfiguration } from '../storage/configuration-block.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { WindowMeasure } from '../window.js'
import { type ControlWords, lifeOf, observed, State, stateOf, watched } from './control-word.js'
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
  #retired = false

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

  /** Whether this thread's part has ended: it writes nothing any more. */
  get isRetired(): boolean {
    return this.#retired
  }

  retire(): void {
    this.#retired = true
  }

  /**
   * Whether `control`, just read, is this thread's picture once its listeners have been told of it. If not, the circuit has
   * moved on, if only because a listener made it, or this thread's part has ended.
   */
  agrees(control: number): boolean {
    return this.look(control) && this.#control === control && !this.#retired
  }

  /** Makes the picture that of `control`, which was just read. Returns false if the circuit has moved on meanwhile. */
  look(control: number): boolean {
    if (control === this.#control) return true
    const known = lifeOf(control) === this.#life.life
    const life = known ? this.#life : this.log.read(lifeOf(control))
    if (!life) return false
    // The two blocks of a thread take turns: after two changes unseen, the name is the one known, and the rules are not.
    const next = this.words.distance(this.words.sequenceOf(this.#life.life), this.words.sequenceOf(life.life)) <= 1
    if (life.configuration !== this.#life.configuration || !next) {
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
    const waitMs = how.waitMs ?? this.waitMs(state, reason, how.error)
    for (;;) {
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== life || !this.look(control) || this.#retired) return false
      const attempt = this.#attempt(state, reason)
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

  /**
   * How long the next life stays open if it begins in `state`. To be asked before anything is written: the answer may come
   * from a function of the user's, which may do anything, even detach.
   */
  waitMs(state: number, reason: number, error: unknown): number {
    if (state !== State.open || reason === Reason.reconfigured) return 0
    return this.openWait.ms(this.#configuration, this.#attempt(state, reason), error)
  }

  /** How many times the circuit opened since it last recovered, as of now. */
  attemptOf({ life, attempt, retryAtMs }: Life): number {
    return stateOf(life) === State.closed && this.clock.nowMs() >= retryAtMs ? 0 : attempt
  }

  /** Marks a closed life that has a failure. If its word has changed meanwhile, it is marked already, or over. */
  watch(life: number): void {
    this.cells.compareExchange(this.map.control, life, watched(life))
  }

  /** Writes a closed life as observed while somebody asks for the events of every call, and as watched when nobody does any more. */
  observe(): void {
    for (;;) {
      const control = this.cells.load(this.map.control)
      if (stateOf(lifeOf(control)) !== State.closed || this.#retired) return
      const isObserved = stateOf(control) === State.closedObserved
      const wanted = isDemanded(this.cells, this.map)
      if (wanted === isObserved) return
      // Ends: a failed exchange means that the circuit has moved on, and after one that succeeds only the demand can differ.
      this.cells.compareExchange(this.map.control, control, wanted ? observed(control) : watched(control))
    }
  }

  /** Whether `life` is in force, and then this thread's picture is of it. */
  #lookAt(life: number): boolean {
    const control = this.cells.load(this.map.control)
    return lifeOf(control) === life && this.look(control) && this.#life.life === life
  }

  #attempt(state: number, reason: number): number {
    if (reason === Reason.reconfigured) return this.#life.attempt
    const attempt = this.attemptOf(this.#life)
    if (state === State.open) return attempt + 1
    // A closed circuit that still ramps up has not recovered yet.
    return state === State.halfOpen || this.#rampUpMs(state, reason) > 0 ? attempt : 0
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
