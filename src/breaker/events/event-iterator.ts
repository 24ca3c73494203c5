/** How many events wait for a reader that doesn't come. */
export const ITERATOR_BUFFER_MAX = 1024

interface Reader<Event> {
  resolve(result: IteratorResult<Event, undefined>): void
  reject(reason: unknown): void
}

/**
 * Events as they come, for `for await`. It listens from the moment when it is made, and until it is returned (as leaving
 * the loop does), its signal is aborted, or the thread detaches. Waiting for the next event keeps no process alive.
 *
 * What a reader is too slow for waits, at most `ITERATOR_BUFFER_MAX` events; then the oldest goes, and is counted in `lost` of
 * the one after it.
 */
export class EventIterator<Event extends { readonly lost: number }> implements AsyncIterableIterator<Event> {
  #buffer: Event[] = []
  /** Events that went since the last one that was read. */
  #dropped = 0
  readonly #readers: Reader<Event>[] = []
  #ended = false
  #failure: { readonly reason: unknown } | undefined
  readonly #stop: () => void
  readonly #signal: AbortSignal | undefined

  /** `listen` begins to hear, and returns what ends that. Throws the signal's reason if that is aborted already. */
  constructor(
    listen: (hear: (event: Event) => void) => () => void,
    signal: AbortSignal | undefined,
    private readonly onEnd: (ended: EventIterator<Event>) => void,
  ) {
    signal?.throwIfAborted()
    this.#signal = signal
    this.#stop = listen((event) => this.#hear(event))
    signal?.addEventListener('abort', this.#abort)
    // Listening may have told other listeners of something, and one of them may have aborted.
    if (signal?.aborted) this.#abort()
  }

  /** The next event. Rejects once with the signal's reason if that was aborted and all events before it were read. */
  next(): Promise<IteratorResult<Event, undefined>> {
    const oldest = this.#buffer.shift()
    if (oldest) {
      const value = this.#dropped === 0 ? oldest : { ...oldest, lost: oldest.lost + this.#dropped }
      this.#dropped = 0
      return Promise.resolve({ value, done: false })
    }
    if (this.#failure) {
      const { reason } = this.#failure
      this.#failure = undefined
      return Promise.reject(reason)
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
  }

  /** Stops listening, and forgets what was not read. */
  return(): Promise<IteratorResult<Event, undefined>> {
    this.#buffer = []
    this.#failure = undefined
    this.end()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** No more events come; those that wait can still be read. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#stop()
    this.onEnd(this)
    for (const reader of this.#readers.splice(0)) {
      if (this.#failure) reader.reject(this.#failure.reason)
      else reader.resolve({ value: undefined, done: true })
      this.#failure = undefined
    }
  }

  readonly #abort = () => {
    this.#failure = { reason: this.#signal?.reason }
    this.end()
  }

  #hear(event: Event): void {
    const reader = this.#readers.shift()
    if (reader) {
      reader.resolve({ value: event, done: false })
      return
    }
    if (this.#buffer.length === ITERATOR_BUFFER_MAX) {
      const { lost } = this.#buffer.shift() ?? event
      this.#dropped += 1 + lost
    }
    this.#buffer.push(event)
  }
}
