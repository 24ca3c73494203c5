import { channel } from 'node:diagnostics_channel'
import type { BreakerEvent, EventType } from './event.js'

/**
 * The channels of `node:diagnostics_channel` that a circuit publishes on, and of which types of events.
 *
 * Each event is published once in the process: by the thread in which it happened, at the moment when it did. Channels belong
 * to threads, so whoever wants to hear of all threads subscribes in each. Without a subscriber nothing is made or sent.
 */
export const diagnosticsChannels = {
  transition: 'busbar:transition',
  success: 'busbar:call',
  error: 'busbar:call',
  ignored: 'busbar:call',
  refused: 'busbar:call',
  stale: 'busbar:stale',
  'lease-reclaimed': 'busbar:lease-reclaimed',
  'thread-cut-off': 'busbar:thread-cut-off',
  'thread-restored': 'busbar:thread-restored',
} as const satisfies Record<EventType, string>

// Held here: Node forgets a channel that nobody holds.
const calls = channel(diagnosticsChannels.success)
const channels: Record<EventType, typeof calls> = {
  transition: channel(diagnosticsChannels.transition),
  success: calls,
  error: calls,
  ignored: calls,
  refused: calls,
  stale: channel(diagnosticsChannels.stale),
  'lease-reclaimed': channel(diagnosticsChannels['lease-reclaimed']),
  'thread-cut-off': channel(diagnosticsChannels['thread-cut-off']),
  'thread-restored': channel(diagnosticsChannels['thread-restored']),
}

export function hasSubscribers(type: EventType): boolean {
  return channels[type].hasSubscribers
}

export function publish(event: BreakerEvent): void {
  channels[event.type].publish(event)
}
