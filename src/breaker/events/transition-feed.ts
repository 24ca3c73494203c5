import type { AtomicCells } from '../../memory/atomic-cells.js'
import { type CircuitState, lifeOf, stateName } from '../life/control-word.js'
import { type Life, reasonName, type TransitionReason } from '../life/transition-log.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { hasSubscribers, publish } from './diagnostics.js'
import { tellListener } from './listener.js'

/** One transition, as every attached thread is told of it. */
export interface Transition {
  readonly type: 'transition'
  /** The breaker's name. */
  readonly breaker: string
  readonly from: CircuitState
  readonly to: CircuitState
  /** Number of the life that began: one more than the life before. */
  readonly epoch: number
  readonly reason: TransitionReason
  /** On the process's monotonic clock, in milliseconds. */
  readonly atMs: number
  /** Slot of the thread that made it. */
  readonly thread: number
  /** What the decision rested on. */
  readonly calls: number
  readonly failures: number
  /** Of the calls, failed or not, those that took too long. */
  readonly slow: number
  /** How many transitions before this one this thread was too slow to see; 0 as a rule. */
  readonly lost: number
}

export type TransitionListener = (transition: Transition) => unknown

/** What the feed needs to know of its thread's end of the circuit. */
export interface TransitionSource {
  readonly name: string
  readonly words: { sequenceOf(control: number): number; slotOf(control: number): number }
  readonly lifecycle: {
    /** The feed takes this: it is called when the thread first sees a life. */
    onNewLife: (() => void) | undefined
    readonly life: Life
    readonly log: { between(since: number, until: number): { lives: Life[]; lost: number } }
  }
}

/** One listening: the same function may listen twice. */
interface Subscription {
  readonly listener: TransitionListener
}

/**
 * Tells this thread's listeners of transitions: each once, in order. A thread that makes calls notices at its next one; an
 * idle thread is woken by `Atomics.waitAsync` on the control word, which keeps no process alive.
 *
 * What a slow thread misses is not silently lost: the log is walked back to the last transition told of, and the number of
 * those that were overwritten is on the next. A listener that throws hurts neither the circuit nor the other listeners;
 * its error becomes a process warning.
 *
 * A transition that this thread made is also published on `node:diagnostics_channel`, whether anyone listens here or not.
 */
export class TransitionFeed {
  readonly #subscriptions = new Set<Subscription>()
  /** The life that was told of last, since somebody listens. */
  #told = 0
  #telling = false
  #waiting = false
  #closed = false

  constructor(
    private readonly circuit: TransitionSource,
    private readonly cells: AtomicCells,
    private readonly map: MemoryMap,
    private readonly slot: number,
  ) {
    circuit.lifecycle.onNewLife = () => this.#see()
  }

  /** Returns what takes the listener away again. A listener hears of what happens after it began to listen. */
  listen(listener: TransitionListener): () => void {
    if (this.#subscriptions.size === 0) {
      this.#told = lifeOf(this.cells.load(this.map.control))
    } else {
      this.#tell()
    }
    const subscription = { listener }
    this.#subscriptions.add(subscription)
    this.#waitForNext()
    return () => {
      this.#subscriptions.delete(subscription)
      if (this.#subscriptions.size === 0) this.#stop()
    }
  }

  /** Tells of all that has happened so far, if it is not telling already. */
  catchUp(): void {
    if (this.#subscriptions.size > 0) this.#tell()
  }

  close(): void {
    this.#closed = true
    this.#subscriptions.clear()
    this.circuit.lifecycle.onNewLife = undefined
    this.#stop()
  }

  #see(): void {
    const { life } = this.circuit.lifecycle
    // Each is published once in the process: by the thread that made it.
    const isOwn = this.circuit.words.slotOf(life.life) === this.slot
    if (isOwn && hasSubscribers('transition')) publish(this.#transitionOf(life, 0))
    this.catchUp()
  }

  /** Wakes this thread's waiter, so that nothing stays behind; the others' look and wait again. */
  #stop(): void {
    this.cells.notify(this.map.control, Number.POSITIVE_INFINITY)
  }

  #waitForNext(): void {
    for (;;) {
      // Asked every time: telling runs listeners, and a listener may listen, stop or detach.
      if (this.#waiting || this.#closed || this.#subscriptions.size === 0) return
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== this.#told && !this.#telling) {
        this.#tell()
        continue
      }
      const woken = this.cells.waitAsync(this.map.control, control, Number.POSITIVE_INFINITY)
      // Ends: no wait means that the word has changed since, and the change was told of or will be.
      if (!woken) continue
      this.#waiting = true
      woken.then(() => {
        this.#waiting = false
        this.#waitForNext()
      })
      return
    }
  }

  #tell(): void {
    // A listener that makes a transition itself is told of it after this one, by the loop below.
    if (this.#telling) return
    this.#telling = true
    let unseen = 0
    try {
      for (;;) {
        const now = lifeOf(this.cells.load(this.map.control))
        if (now === this.#told) return
        const { lives, lost } = this.circuit.lifecycle.log.between(this.#told, now)
        this.#told = now
        // With no record left to read the word has moved on, and the next round says what this one lost.
        unseen += lost
        for (const life of lives) {
          this.#announce(this.#transitionOf(life, unseen))
          unseen = 0
        }
      }
    } finally {
      this.#telling = false
    }
  }

  #transitionOf(life: Life, lost: number): Transition {
    return {
      type: 'transition',
      breaker: this.circuit.name,
      from: stateName(life.previous),
      to: stateName(life.life),
      epoch: this.circuit.words.sequenceOf(life.life),
      reason: reasonName(life.reason),
      atMs: life.beganMs,
      thread: this.circuit.words.slotOf(life.life),
      calls: life.calls,
      failures: life.failures,
      slow: life.slow,
      lost,
    }
  }

  #announce(transition: Transition): void {
    // A copy: who begins to listen now hears of the next one.
    for (const subscription of [...this.#subscriptions]) {
      if (this.#subscriptions.has(subscription)) tellListener(subscription.listener, transition, this.circuit.name)
    }
  }
}
