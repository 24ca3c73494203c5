/** Eight in the array, four in the text. */
const BYTES_PER_NUMBER = 12

/** What a call allocates beside its breaker, as a request and its answer are: held while it goes on, then garbage. */
export class Payload {
  readonly #numbers: number
  #held: { readonly text: string; readonly numbers: readonly number[] } | undefined

  constructor(bytes: number) {
    this.#numbers = Math.ceil(bytes / BYTES_PER_NUMBER)
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  /** An array of numbers, and its text. */
  take(): void {
    const numbers: number[] = new Array(this.#numbers).fill(0.5)
    this.#held = { text: JSON.stringify(numbers), numbers }
  }

  readonly drop = (): void => {
    this.#held = undefined
  }
}
