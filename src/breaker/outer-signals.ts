/**
 * The signals of callers, each with the calls under way that follow it.
 *
 * Protocol. A signal gets one listener, when the first call follows it; a call is added to its set and taken away when it has
 * ended. Why not `AbortSignal.any`: in Node 20 every signal that it made leaves something in the set of a source that lives on,
 * and a listener for each call lets Node warn from the eleventh on.
 */
const followers = new WeakMap<AbortSignal, Set<AbortController>>()

/** From now on `controller` aborts when `signal` does, for the same reason; until `unfollow`. */
export function follow(signal: AbortSignal, controller: AbortController): void {
  let calls = followers.get(signal)
  if (!calls) {
    calls = new Set()
    followers.set(signal, calls)
    signal.addEventListener('abort', abortAll, { once: true })
  }
  calls.add(controller)
}

export function unfollow(signal: AbortSignal, controller: AbortController): void {
  followers.get(signal)?.delete(controller)
}

function abortAll(this: AbortSignal): void {
  const calls = followers.get(this)
  followers.delete(this)
  for (const controller of calls ?? []) controller.abort(this.reason)
}
