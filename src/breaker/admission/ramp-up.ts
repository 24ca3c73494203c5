import type { Cells } from '../../memory/cells.js'
import type { ControlWords } from '../life/control-word.js'
import type { Life } from '../life/transition-log.js'
import type { RampUp } from '../options.js'
import { RATE_UNITS } from '../storage/configuration-block.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * The share of calls that a closed circuit admits while it ramps up, one budget for all threads.
 *
 * Map. One cell: in bits 16–31 a tag, the low 13 bits of the life's sequence number and the step (3 bits); in bits 0–15 how
 * many calls asked in that step.
 *
 * Protocol. Ask: compareExchange to one more; with another tag than one's own, to the first of this step. Of the calls of a
 * step, numbered from 0, the n-th is admitted if ⌈(n + 1) × share⌉ > ⌈n × share⌉.
 *
 * Why safe. Each call takes a number of its own, so over all threads ⌈asked × share⌉ are admitted in a step, not one more.
 * A thread that dies after it took a number has made a call less than it might. One whose clock is behind, or whose life
 * is over, may set an earlier step's tag: then the later step begins its count anew, which admits one call more.
 *
 * Breaks if every thread counts for itself: each would round up, and the first call of each be admitted.
 *
 * Limits. Numbers wrap after 65,536 calls of a step; there the share is off by less than one call.
 */
export class RampUpBudget {
  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly words: ControlWords,
  ) {}

  /** Whether one more call may go now. `life` must still ramp up. */
  admits(life: Life, rampUp: RampUp, nowMs: number): boolean {
    const step = stepOf(life, rampUp, nowMs)
    const share = rampUp.shares[step] ?? 1
    const tag = ((this.words.sequenceOf(life.life) & 0x1fff) << 3) | step
    for (;;) {
      const found = this.cells.load(this.map.rampUpBudget)
      const asked = found >>> 16 === tag ? found & 0xffff : 0
      const next = (tag << 16) | ((asked + 1) & 0xffff)
      // Ends: a failed exchange means that another thread's call took its number.
      if (this.cells.compareExchange(this.map.rampUpBudget, found, next) !== found) continue
      return admitted(asked + 1, share) > admitted(asked, share)
    }
  }
}

/** How many of the first `asked` calls go: in billionths, for of a fraction of two a multiple may be a hair more than whole. */
function admitted(asked: number, share: number): number {
  return Math.ceil((asked * Math.round(share * RATE_UNITS)) / RATE_UNITS)
}

/** When the share of this moment changes, in milliseconds of the breaker's clock. */
export function stepEndsMs(life: Life, rampUp: RampUp, nowMs: number): number {
  return beginsMs(life, rampUp) + (stepOf(life, rampUp, nowMs) + 1) * rampUp.stepDurationMs
}

function stepOf(life: Life, rampUp: RampUp, nowMs: number): number {
  const step = Math.floor((nowMs - beginsMs(life, rampUp)) / rampUp.stepDurationMs)
  return Math.min(Math.max(step, 0), rampUp.shares.length - 1)
}

/** From the end, which a life keeps when its configuration changes. */
function beginsMs(life: Life, rampUp: RampUp): number {
  return life.retryAtMs - rampUp.shares.length * rampUp.stepDurationMs
}
