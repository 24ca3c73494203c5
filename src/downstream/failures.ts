import { DownstreamError, type DownstreamFailure } from '../downstream.js'

/**
 * The errors of a downstream, one frozen instance of each kind: without a stack nothing in them differs from call to
 * call, and frozen, nobody can leave anything in them for the next.
 */
export type Failures = Readonly<Record<DownstreamFailure, DownstreamError>>

export function failuresFor(timeoutMs: number): Failures {
  return {
    error: Object.freeze(new DownstreamError('error', 'the downstream answered with an error')),
    reset: Object.freeze(new DownstreamError('reset', 'the downstream reset the connection')),
    timeout: Object.freeze(new DownstreamError('timeout', `the downstream did not answer within ${timeoutMs} ms`)),
  }
}
