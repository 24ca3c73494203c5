/** The program or the options given to the explorer cannot be explored. */
export class ExploreError extends Error {
  override readonly name = 'ExploreError'

  constructor(
    readonly code: 'ERR_EXPLORE_OPTION' | 'ERR_NOT_DETERMINISTIC' | 'ERR_BAD_SCHEDULE',
    message: string,
  ) {
    super(message)
  }
}

/** A body that did something else when it was run again on the same results. */
export class NotDeterministicError extends ExploreError {
  constructor(
    readonly thread: number,
    /** Which of the thread's operations it was, from 1. */
    readonly operation: number,
    expected: string,
    found: string,
    stack: string,
  ) {
    super(
      'ERR_NOT_DETERMINISTIC',
      `thread ${thread} is not deterministic: its operation ${operation} was ${expected}, and is ${found} on the same results.\n${stack}`,
    )
  }
}
