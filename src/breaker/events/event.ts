import type { LogEntry } from './event-log.js'
import type { Transition } from './transition-feed.js'

/** What happens besides transitions. The codes are a format in shared memory; each name stands at the place of its code. */
export const EventKind = {
  success: 1,
  error: 2,
  ignored: 3,
  refused: 4,
  stale: 5,
  leaseReclaimed: 6,
  threadCutOff: 7,
  threadRestored: 8,
} as const
export type EventKind = (typeof EventKind)[keyof typeof EventKind]

const names = [
  'success',
  'error',
  'ignored',
  'refused',
  'stale',
  'lease-reclaimed',
  'thread-cut-off',
  'thread-restored',
] as const

/** The name of what happened, as listeners know it. */
export type LoggedType = (typeof names)[number]

/** Everything that can be listened to. */
export const eventTypes = ['transition', ...names] as const
export type EventType = (typeof eventTypes)[number]

/** One thing that happened, as every attached thread that listens for it is told. */
export interface LoggedEvent<Type extends LoggedType = LoggedType> {
  readonly type: Type
  /** The breaker's name. */
  readonly breaker: string
  /** Number of the life that it belongs to: for a result, the one in which its permission was given. */
  readonly epoch: number
  /** Slot of the thread that it is about: whose call it was, who lost the lease, who was cut off. */
  readonly thread: number
  /** On the process's monotonic clock, in milliseconds. */
  readonly atMs: number
  /** How long the call took; undefined if nobody knows. To the microsecond, from 17 minutes on to the millisecond. */
  readonly durationMs: number | undefined
  /**
   * How many events before this one this listener was too slow to hear; 0 as a rule. Of what type they were is not known:
   * they may be of types that it doesn't listen to.
   */
  readonly lost: number
}

/** What listeners for each type are given. */
export type BreakerEventMap = { transition: Transition } & { [Type in LoggedType]: LoggedEvent<Type> }

export type BreakerEvent<Type extends EventType = EventType> = BreakerEventMap[Type]

export type EventListener<Type extends EventType = EventType> = (event: BreakerEvent<Type>) => unknown

export function isEventType(type: unknown): type is EventType {
  return (eventTypes as readonly unknown[]).includes(type)
}

export function eventName(kind: number): LoggedType {
  return names[kind - 1] ?? 'stale'
}

/** What the events of a circuit say of it. */
export interface EventNames {
  readonly name: string
  readonly words: { sequenceOf(life: number): number }
}

export function eventOf(circuit: EventNames, entry: LogEntry, lost: number): LoggedEvent {
  return {
    type: eventName(entry.kind),
    breaker: circuit.name,
    epoch: circuit.words.sequenceOf(entry.life),
    thread: entry.slot,
    atMs: entry.atMs,
    durationMs: entry.durationMs,
    lost,
  }
}

/** Whether it is logged only while somebody asks: the outcome of every call. The rest is rare, and always logged. */
export function isOnDemand(type: EventType): boolean {
  return type === 'success' || type === 'error' || type === 'ignored' || type === 'refused'
}
