import { alignToLine, CELLS_PER_LINE } from '../../memory/layout.js'

/**
 * Where the rules' shared state is. Size → initialize → attach; the base begins a line.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | fingerprint of the rules, on a line of its own | 1 | initialize, once | attach |
 * | for each rule: its life, a line | state (2), cooldown's end (2) | whoever sees it fire or recover | every call that it applies to |
 * | … its throttle, a line | share (1), place in the queue (2) | calls, while it is in force | the same |
 * | … its meter, a line | 12 buckets (2 each) | whoever records a cost | calls |
 */
const LINES_PER_RULE = 3

export class RulesMap {
  readonly fingerprint: number

  constructor(
    readonly base: number,
    private readonly rules: number,
  ) {
    if (base !== alignToLine(base)) throw new RangeError(`the rules' memory begins at cell ${base}, within a line`)
    this.fingerprint = base
  }

  /** The first cell after the rules' memory. */
  get end(): number {
    return this.life(this.rules)
  }

  life(rule: number): number {
    return this.base + CELLS_PER_LINE * (1 + rule * LINES_PER_RULE)
  }

  throttle(rule: number): number {
    return this.life(rule) + CELLS_PER_LINE
  }

  meter(rule: number): number {
    return this.life(rule) + 2 * CELLS_PER_LINE
  }
}
