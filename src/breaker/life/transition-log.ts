import type { Cells } from '../../memory/cells.js'
import { loadTime, storeTime } from '../../memory/time.js'
import { type MemoryMap, RECORDS_PER_SLOT } from '../storage/memory-map.js'
import { type ControlWords, lifeOf } from './control-word.js'

/**
 * Transitions: the one way in which a circuit's life ends and the next begins, and the log of them all.
 *
 * Map. Each slot has `RECORDS_PER_SLOT` records of its own, used in turn by sequence number: the life that it describes,
 * the life before, why, when, until when an open circuit refuses, how many times in a row it opened, the configuration
 * in force, and the calls and failures that decided.
 *
 * Protocol. Write: a thread takes the current life, writes the record of the word that it proposes (life last), then
 * compares and exchanges the control word. The exchange makes record and state visible together. Read: from the control
 * word to its record; the record is right if it names that life before and after the fields are read. Each record names
 * the life before, so the log is walked backwards from the control word.
 *
 * Why safe. A record has one writer, because the word that it belongs to carries the writer's slot. A writer overwrites
 * only its record of `RECORDS_PER_SLOT` transitions ago, never that of the current life, whose sequence number is the one
 * just before. So the record of the life in force never changes. A thread that dies before the exchange has changed
 * nothing that anyone reads; one that dies after it has finished. Nothing has to be undone or completed for it.
 *
 * Breaks if the control word is exchanged before the record is whole (an open circuit without its deadline: sentinel-golang
 * #408), or if the record's place doesn't depend on the proposing thread.
 *
 * Limits. A slow reader may find a record overwritten: the log says how many transitions it lost. Lives repeat after
 * 2²⁹ ÷ slots transitions.
 */
export const Reason = {
  created: 0,
  failureRate: 1,
  consecutiveFailures: 2,
  waitElapsed: 3,
  probesSucceeded: 4,
  probesFailed: 5,
  manual: 6,
  slowCallRate: 7,
  stalledCalls: 8,
  probesUndecided: 9,
  reset: 10,
  reconfigured: 11,
  restored: 12,
} as const

const reasons = [
  'created',
  'failure-rate',
  'consecutive-failures',
  'wait-elapsed',
  'probes-succeeded',
  'probes-failed',
  'manual',
  'slow-call-rate',
  'stalled-calls',
  'probes-undecided',
  'reset',
  'reconfigured',
  'restored',
] as const

/** Why a life began. */
export type TransitionReason = (typeof reasons)[number]

export function reasonName(reason: number): TransitionReason {
  return reasons[reason] ?? 'manual'
}

export function reasonCode(name: TransitionReason): number {
  return reasons.indexOf(name)
}

/** The rest of what a life is. */
export interface Life {
  /** The control word with which it began. */
  readonly life: number
  readonly previous: number
  readonly reason: number
  readonly beganMs: number
  /** When an open circuit lets probes through; until when a closed one ramps up; for other states, when it began. */
  readonly retryAtMs: number
  /** How many times the circuit opened since it was last closed and ramped up, this time included. */
  readonly attempt: number
  readonly configuration: number
  /** What the decision rested on. */
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

const Field = {
  life: 0,
  previous: 1,
  reason: 2,
  began: 3,
  retryAt: 5,
  attempt: 7,
  configuration: 8,
  calls: 9,
  failures: 10,
  slow: 11,
} as const

/** A life that no control word has: its state code is 0. */
const NO_LIFE = 0

export class TransitionLog {
  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly words: ControlWords,
  ) {}

  /** Writes the record of `proposal.life`, whose slot must be the caller's own. */
  write(proposal: Life): void {
    const { cells } = this
    const record = this.#recordOf(proposal.life)
    cells.store(record + Field.life, NO_LIFE)
    cells.store(record + Field.previous, proposal.previous)
    cells.store(record + Field.reason, proposal.reason)
    storeTime(cells, record + Field.began, proposal.beganMs)
    storeTime(cells, record + Field.retryAt, proposal.retryAtMs)
    cells.store(record + Field.attempt, proposal.attempt)
    cells.store(record + Field.configuration, proposal.configuration)
    cells.store(record + Field.calls, proposal.calls)
    cells.store(record + Field.failures, proposal.failures)
    cells.store(record + Field.slow, proposal.slow)
    cells.store(record + Field.life, proposal.life)
  }

  /** The record of a life that is or was in force, or undefined if it was overwritten since. */
  read(life: number): Life | undefined {
    const { cells } = this
    const record = this.#recordOf(life)
    if (cells.load(record + Field.life) !== life) return undefined
    const found = {
      life,
      previous: cells.load(record + Field.previous),
      reason: cells.load(record + Field.reason),
      beganMs: loadTime(cells, record + Field.began),
      retryAtMs: loadTime(cells, record + Field.retryAt),
      attempt: cells.load(record + Field.attempt),
      configuration: cells.load(record + Field.configuration),
      calls: cells.load(record + Field.calls),
      failures: cells.load(record + Field.failures),
      slow: cells.load(record + Field.slow),
    }
    return cells.load(record + Field.life) === life ? found : undefined
  }

  /** The current control word and the record of its life, of one instant. */
  current(): { control: number; life: Life } {
    for (;;) {
      const control = this.cells.load(this.map.control)
      const life = this.read(lifeOf(control))
      // Ends: the record of the life in force is always whole, so a failed read means that the control word moved on.
      if (life) return { control, life }
    }
  }

  /**
   * The lives after `since`, oldest first, up to `until`, and how many of them can no longer be read. The caller's limit
   * is the log's own: `RECORDS_PER_SLOT` records for each slot.
   */
  between(since: number, until: number): { lives: Life[]; lost: number } {
    const missing = this.words.distance(this.words.sequenceOf(since), this.words.sequenceOf(until))
    const limit = Math.min(missing, RECORDS_PER_SLOT * this.map.sizes.slots)
    const lives: Life[] = []
    for (let life = until; lives.length < limit; ) {
      const found = this.read(life)
      if (!found) break
      lives.push(found)
      life = found.previous
    }
    return { lives: lives.reverse(), lost: missing - lives.length }
  }

  #recordOf(life: number): number {
    return this.map.record(this.words.slotOf(life), this.words.sequenceOf(life))
  }
}
