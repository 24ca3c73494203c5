export type DurableErrorCode =
  /** What was written is damaged elsewhere than where a crash leaves it unfinished: nothing can be told of what follows. */
  | 'ERR_JOURNAL_CORRUPT'
  /** It is no journal, or of a version that isn't known. */
  | 'ERR_NOT_A_JOURNAL'
  /** Another process has it open, or may have. */
  | 'ERR_JOURNAL_LOCKED'
  /** Another process took it over, as this one seemed to have ended. */
  | 'ERR_JOURNAL_LOST'
  /** It could not be written, and nothing is granted until it can. */
  | 'ERR_JOURNAL_NOT_WRITTEN'
  /** What was written is of a budget with other periods than the one of that name has now. */
  | 'ERR_OTHER_PERIODS'
  /** It is closed. */
  | 'ERR_JOURNAL_CLOSED'

/** Spend can't be read or written as something that lasts. */
export class DurableError extends Error {
  override readonly name = 'DurableError'

  constructor(
    readonly code: DurableErrorCode,
    message: string,
    options?: ErrorOptions & {
      /** Where in the file, in bytes from its beginning. */
      readonly offset?: number
    },
  ) {
    super(message, options)
    this.offset = options?.offset
  }

  readonly offset: number | undefined
}
