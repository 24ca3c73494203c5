/** What a call allocates beside its breaker, as a request and its answer are: held while it goes on, then garbage. */
export class Payload {
  readonly #bytes: number
  #held: { readonly text: string; readonly numbers: readonly number[] } | undefined

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  /** Half of it a text, half an array of numbers. */
  take(): void {
    const text = Buffer.alloc(this.#bytes / 2, 'x').toString('latin1')
    this.#held = { text, numbers: new Array(Math.ceil(this.#bytes / 16)).fill(0.5) }
  }

  readonly drop = (): void => {
    this.#held = undefined
  }
}
