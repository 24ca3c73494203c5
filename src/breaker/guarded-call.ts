import type { Circuit } from './circuit.js'
import { CallTimeoutError, ConfigurationError } from './errors.js'
import { follow, unfollow } from './outer-signals.js'
import type { Reports } from './reports.js'
import { LONGEST_MS } from './resolve-options.js'

/** What one call may be given. */
export interface CallOptions<Fallback = never> {
  /** Asked for a result if the call is refused; what it returns or throws is the call's result. */
  readonly fallback?: (refusal: Error) => Fallback
  /** As `timeoutMs` of the breaker, for this call. */
  readonly timeoutMs?: number | undefined
  /** The caller's own: it is joined to the action's signal, and what fails after it was aborted counts as ignored. */
  readonly signal?: AbortSignal | undefined
}

export type Action<Result> = (signal: AbortSignal) => PromiseLike<Result> | Result

/** Throws a `ConfigurationError` if a call's own timeout is none. */
export function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs >= 0.001 && timeoutMs <= LONGEST_MS)) return
  throw new ConfigurationError('timeoutMs', timeoutMs, `milliseconds from 0.001 to ${LONGEST_MS}, or undefined`)
}

/**
 * Runs an action that has a permission, with a signal of its own and, perhaps, a timeout.
 *
 * At the timeout the call counts as an error and its caller goes on; the action may not: until it has settled it keeps its
 * seat, so that a limit of calls under way is one of actions that run, not of callers that wait.
 */
export function runGuarded<Result>(
  circuit: Circuit,
  reports: Reports,
  permission: number,
  action: Action<Result>,
  timeoutMs: number | undefined,
  outer: AbortSignal | undefined,
): Promise<Result> {
  const controller = new AbortController()
  if (outer) follow(outer, controller)
  return new Promise((resolve, reject) => {
    let waiting = true
    let seat = -1
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs, timeoutMs)
    // A caller that nothing else keeps alive is not kept alive by its timeout.
    timer?.unref()

    function expire(limitMs: number): void {
      waiting = false
      const error = new CallTimeoutError(circuit.name, limitMs)
      seat = circuit.calls.keepSeat(permission)
      reports.error(permission, error)
      controller.abort(error)
      reject(error)
    }
    function end(report: () => void, settle: () => void): void {
      if (outer) unfollow(outer, controller)
      if (!waiting) {
        circuit.calls.leaveSeat(seat)
        return
      }
      clearTimeout(timer)
      report()
      settle()
    }
    start(action, controller.signal).then(
      (result) =>
        end(
          () => reports.success(permission, result),
          () => resolve(result),
        ),
      (error) =>
        end(
          () => (outer?.aborted ? reports.ignore(permission) : reports.error(permission, error)),
          () => reject(error),
        ),
    )
  })
}

/** An action that throws at once is one that rejects. */
async function start<Result>(action: Action<Result>, signal: AbortSignal): Promise<Result> {
  return action(signal)
}
