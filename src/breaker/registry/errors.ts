/** A name was asked for that the registry has no breaker for, and no room for one more. */
export class RegistryFullError extends Error {
  override readonly name = 'RegistryFullError'
  readonly code = 'ERR_REGISTRY_FULL'

  constructor(
    /** The name that was asked for. */
    readonly breaker: string,
    /** How many breakers the registry was created for. */
    readonly capacity: number,
    /** How many there are. Less than the capacity only if threads that ended while they created a breaker took its place. */
    readonly breakers: number,
  ) {
    super(
      `no room for breaker ${JSON.stringify(breaker)}: ` +
        (breakers < capacity
          ? `of the registry's capacity of ${capacity}, ${breakers} are in use and the rest was lost to threads ` +
            'that ended while they created a breaker; see releaseThread'
          : `the registry's capacity of ${capacity} is reached; create it with a larger one`),
    )
  }
}

/** Nothing was published in this thread's environment data, nor in that of the thread that created it, before it did. */
export class RegistryNotFoundError extends Error {
  override readonly name = 'RegistryNotFoundError'
  readonly code = 'ERR_REGISTRY_NOT_FOUND'

  constructor(
    /** The key that was looked under. */
    readonly key: string,
  ) {
    super(
      `there is no registry of breakers under ${JSON.stringify(key)} in this thread's environment data; ` +
        'publish it before the thread is created',
    )
  }
}
