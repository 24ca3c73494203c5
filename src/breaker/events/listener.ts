import { describeThrown } from '../errors.js'

/**
 * Tells a listener. What it throws, or what it rejects with if it is async, hurts neither the circuit nor the other
 * listeners: it becomes a process warning. It is not waited for.
 */
export function tellListener<Event>(listener: (event: Event) => unknown, event: Event, breaker: string): void {
  try {
    const answer = listener(event)
    if (answer !== undefined) Promise.resolve(answer).catch((error) => warn(error, breaker))
  } catch (error) {
    warn(error, breaker)
  }
}

function warn(thrown: unknown, breaker: string): void {
  process.emitWarning(`a listener of circuit "${breaker}" threw: ${describeThrown(thrown)}`, {
    code: 'BUSBAR_LISTENER_THREW',
  })
}
