import type { Cells } from '../memory/cells.js'
import { cutOffUntilMs } from './admission/thread-standing.js'
import type { Circuit } from './circuit.js'
import { type CircuitState, lifeOf, State, stateName, stateOf } from './life/control-word.js'
import { reasonName, type TransitionReason } from './life/transition-log.js'
import type { Configuration } from './options.js'
import { loadConfiguration } from './storage/configuration-block.js'
import type { MemoryMap } from './storage/memory-map.js'
import { type CallCounts, countsOf, sumOfCounts } from './threads/counters.js'
import { isHeld, neverUsed, threadIn } from './threads/thread-slots.js'
import type { Window, WindowMeasure } from './window.js'

/** The whole circuit at a glance. State, epoch, deadline and configuration are of one instant; each sum is of a moment
 * between the call and its return. */
export interface Snapshot {
  readonly name: string
  readonly state: CircuitState
  readonly epoch: number
  readonly reason: TransitionReason
  /** When the state began, on the process's monotonic clock, in milliseconds. */
  readonly sinceMs: number
  /** For an open circuit: when it will let a probe through. */
  readonly retryAtMs: number | undefined
  /** What the window holds. Not for an open circuit, whose window is over. */
  readonly calls: number
  readonly failures: number
  readonly slow: number
  /** Failures ÷ calls; undefined without calls. */
  readonly failureRate: number | undefined
  /** Slow calls ÷ calls; undefined without calls. */
  readonly slowCallRate: number | undefined
  /** Calls under way, if they are limited; else 0. */
  readonly seatsTaken: number
  /** How many times the circuit opened since it last recovered. */
  readonly attempt: number
  /** Since the breaker was created, over all threads that ever were. */
  readonly total: CallCounts
  readonly threads: readonly ThreadSnapshot[]
  readonly configuration: Configuration
}

export interface ThreadSnapshot {
  readonly slot: number
  /** Undefined once the thread has detached or ended. */
  readonly threadId: number | undefined
  readonly total: CallCounts
  /** Its part of the window; undefined unless that is one of time, which tells threads apart. */
  readonly window: WindowMeasure | undefined
  /** Until when it is cut off alone; undefined if it is not. */
  readonly cutOffUntilMs: number | undefined
}

export function takeSnapshot(cells: Cells, map: MemoryMap, circuit: Circuit): Snapshot {
  for (;;) {
    const { control, life } = circuit.lifecycle.log.current()
    const configuration = loadConfiguration(cells, map.configuration(life.configuration))
    // Ends: a difference means that the circuit has moved on.
    if (lifeOf(cells.load(map.control)) !== life.life) continue
    const window = circuit.windowOf(life.life, configuration)
    const { calls, failures, slow } = window.measure(life.life)
    const threads = threadSnapshots(cells, map, window, life.life)
    return {
      name: circuit.name,
      state: stateName(control),
      epoch: circuit.words.sequenceOf(control),
      reason: reasonName(life.reason),
      sinceMs: life.beganMs,
      retryAtMs: stateOf(control) === State.open ? life.retryAtMs : undefined,
      calls,
      failures,
      slow,
      failureRate: calls > 0 ? failures / calls : undefined,
      slowCallRate: calls > 0 ? slow / calls : undefined,
      seatsTaken: circuit.inFlight.seatsTaken,
      attempt: circuit.lifecycle.attemptOf(life),
      total: sumOfCounts(threads.map((thread) => thread.total)),
      threads,
      configuration,
    }
  }
}

function threadSnapshots(cells: Cells, map: MemoryMap, ofWindow: Window, life: number): ThreadSnapshot[] {
  const threads: ThreadSnapshot[] = []
  for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
    const held = isHeld(cells, map, slot)
    threads.push({
      slot,
      threadId: held ? threadIn(cells, map, slot) : undefined,
      total: countsOf(cells, map, slot),
      window: ofWindow.measureOf?.(slot, life),
      cutOffUntilMs: held ? cutOffUntilMs(cells, map, slot, life) : undefined,
    })
  }
  return threads
}
