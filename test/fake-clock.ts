import type { Clock } from '../src/world/clock.js'

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  constructor(private timeMs = 1_000_000) {}

  nowMs(): number {
    return this.timeMs
  }

  pass(durationMs: number): void {
    this.timeMs += durationMs
  }
}
