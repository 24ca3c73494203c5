/** One operation of a history: who did what, when it was called and returned, and what came of it. */
export interface Operation<Action = unknown, Result = unknown> {
  /** The thread or client; it has one operation under way at a time. */
  readonly thread: number | string
  readonly action: Action
  /** Undefined if it never returned. */
  readonly result?: Result
  /** When it was called, on any clock that all share: a ticket, a step, a time. */
  readonly called: number
  /** When it returned; undefined if it never did: it may have taken effect at any moment since, or not at all. */
  readonly returned?: number | undefined
}

export type History<Action = unknown, Result = unknown> = readonly Operation<Action, Result>[]

/** The history is none: the operation that cannot be is named. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code = 'ERR_HISTORY'
}

/** Throws a `HistoryError` for an operation that returned before it was called, or times that are no numbers. */
export function checkHistory(history: History): void {
  for (const [index, { called, returned }] of history.entries()) {
    if (Number.isNaN(called) || typeof called !== 'number') {
      throw new HistoryError(`operation ${index}: called is ${String(called)}; allowed: a number`)
    }
    if (returned !== undefined && (typeof returned !== 'number' || !(returned > called))) {
      throw new HistoryError(
        `operation ${index}: returned is ${returned}; allowed: a number above called, which is ${called}`,
      )
    }
  }
}
