/** A wall clock on which it is five seconds to midnight when the example begins. Your own service needs none: a ledger's default is the machine's. */
export class EveningClock {
  static readonly startMs = Date.UTC(2027, 2, 14, 23, 59, 55)

  /** `beganMs` is the machine's time when the example began: the same for all threads, so they have one clock. */
  constructor(readonly beganMs: number) {}

  nowMs(): number {
    return EveningClock.startMs + Date.now() - this.beganMs
  }

  day(): string {
    return this.text().slice(0, 10)
  }

  text(): string {
    return new Date(this.nowMs()).toISOString().slice(0, -2).replace('T', ' ')
  }
}
