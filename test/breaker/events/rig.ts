import { BreakerEvents } from '../../../src/breaker/events/breaker-events.js'
import { isDemanded } from '../../../src/breaker/events/demand.js'
import { EventLog, withdraw } from '../../../src/breaker/events/event-log.js'
import type { TransitionSource } from '../../../src/breaker/events/transition-feed.js'
import { ControlWords, lifeOf, State } from '../../../src/breaker/life/control-word.js'
import { type Life, Reason, TransitionLog } from '../../../src/breaker/life/transition-log.js'
import { MemoryMap, type Sizes } from '../../../src/breaker/storage/memory-map.js'
import { claimSlot, releaseSlot, type SlotClaim } from '../../../src/breaker/threads/thread-slots.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'

/** Cells that stop after each operation, so that a test can do something there: let another thread run, or die. */
export class SteppedCells extends AtomicCells {
  onStep: (() => void) | undefined
  override load(index: number): number {
    return this.#stepped(super.load(index))
  }
  override store(index: number, value: number): void {
    super.store(index, value)
    this.#stepped(0)
  }
  override add(index: number, value: number): number {
    return this.#stepped(super.add(index, value))
  }
  override compareExchange(index: number, expected: number, replacement: number): number {
    return this.#stepped(super.compareExchange(index, expected, replacement))
  }
  override notify(index: number, count: number): number {
    return this.#stepped(super.notify(index, count))
  }
  override waitAsync(index: number, value: number, timeoutMs: number): Promise<unknown> | undefined {
    const woken = super.waitAsync(index, value, timeoutMs)
    this.#stepped(0)
    return woken
  }
  #stepped(result: number): number {
    this.onStep?.()
    return result
  }
}

/** Runs `body` on these cells, and `interruption` after its `step`-th operation. Returns false if there are fewer. */
export function interrupt(cells: SteppedCells, step: number, body: () => void, interruption: () => void): boolean {
  let done = 0
  cells.onStep = () => {
    done += 1
    if (done === step) interruption()
  }
  try {
    body()
  } finally {
    cells.onStep = undefined
  }
  return done >= step
}

/** Thrown by a thread that dies. */
export const DEATH = new Error('the thread was terminated')

/** Runs `body` up to its `step`-th operation, where the thread dies. Returns false if it has fewer. */
export function dieAt(cells: SteppedCells, step: number, body: () => void): boolean {
  try {
    interrupt(cells, step, body, () => {
      throw DEATH
    })
    return false
  } catch (error) {
    if (error !== DEATH) throw error
    return true
  }
}

const sizes: Sizes = { slots: 4, leases: 0, buckets: 0, ring: 0, seats: 0, events: 16 }

/** The part of a breaker's memory in which events happen. */
export function memory(changed: Partial<Sizes> = {}) {
  const map = new MemoryMap(0, { ...sizes, ...changed })
  const cells = AtomicCells.allocate(map.size)
  const words = new ControlWords(map.sizes.slots)
  const first = words.compose(State.closed, 0, 0)
  new TransitionLog(cells, map, words).write(lifeOfRecord(first, first))
  cells.store(map.control, first)
  return { map, cells, handle: { buffer: cells.buffer, sizes: map.sizes } }
}

export type Memory = ReturnType<typeof memory>

/** One thread's end, with all of the breaker that listening needs. */
export class End {
  readonly cells: SteppedCells
  readonly map: MemoryMap
  readonly words: ControlWords
  readonly claim: SlotClaim
  readonly log: EventLog
  readonly events: BreakerEvents
  readonly lifecycle: { onNewLife: (() => void) | undefined; life: Life; readonly log: TransitionLog }

  constructor({ buffer, sizes }: Memory['handle'], threadId = 1) {
    this.cells = new SteppedCells(buffer)
    this.map = new MemoryMap(0, sizes)
    this.words = new ControlWords(sizes.slots)
    this.claim = claimSlot(this.cells, this.map, threadId)
    this.log = new EventLog(this.cells, this.map, this.claim.slot)
    const log = new TransitionLog(this.cells, this.map, this.words)
    this.lifecycle = { onNewLife: undefined, life: log.current().life, log }
    const circuit: TransitionSource = { name: 'heard', words: this.words, lifecycle: this.lifecycle }
    this.events = new BreakerEvents(circuit, this.cells, this.map, this.log)
  }

  /** Begins the next life, as the breaker does. Returns its word. */
  change(state: number = State.open): number {
    for (;;) {
      const control = this.cells.load(this.map.control)
      const next = this.words.next(control, state, this.claim.slot)
      const record = lifeOfRecord(next, lifeOf(control))
      this.lifecycle.log.write(record)
      if (this.cells.compareExchange(this.map.control, control, next) !== control) continue
      this.cells.notify(this.map.control, Number.POSITIVE_INFINITY)
      this.lifecycle.life = record
      this.lifecycle.onNewLife?.()
      return next
    }
  }

  detach(): void {
    this.events.close()
    this.release()
  }

  /** What detaching does, and what another thread does for one that died. */
  release(): void {
    releaseSlot(this.cells, this.map, this.claim, () => withdraw(this.cells, this.map, this.claim.slot))
  }

  /** How many threads waited; they were woken. */
  wakeAll(): number {
    return (
      this.cells.notify(this.map.control, Number.POSITIVE_INFINITY) +
      this.cells.notify(this.map.eventHead, Number.POSITIVE_INFINITY)
    )
  }

  get isDemanded(): boolean {
    return isDemanded(this.cells, this.map)
  }
}

function lifeOfRecord(life: number, previous: number): Life {
  const times = { beganMs: 10, retryAtMs: 20, attempt: 1 }
  return { life, previous, reason: Reason.manual, ...times, configuration: 0, calls: 9, failures: 5, slow: 3 }
}
