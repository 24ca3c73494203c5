/** How many different signs are kept: a case has a handful. */
const KINDS_MAX = 50

/** How often each sign of a resource that is used up was seen. */
export class Signs {
  readonly #counts = new Map<string, number>()

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }

  note(sign: string, times = 1): void {
    const count = this.#counts.get(sign)
    if (count === undefined && this.#counts.size >= KINDS_MAX) return
    this.#counts.set(sign, (count ?? 0) + times)
  }

  /** By its code, as the system gave it; an error without one is no sign of anything. */
  noteError(error: unknown): void {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') this.note(error.code)
  }
}
