import type { Situation } from '../downstream.js'
import type { Cells } from '../memory/cells.js'
import { CELLS_PER_LINE, Layout } from '../memory/layout.js'
import { type Clock, monotonicClock } from '../world/clock.js'

/**
 * The gate: where a run stands, as words that every thread can see. A busy worker hears no message.
 *
 * Map (each group begins a cache line):
 *
 *     position    0 waiting, 1 … n stage 0 … n−1, n+1 drain, n+2 closed      written by whoever sees a stage end
 *     measured    index of the first stage that is no warm-up                written before the gate is shared
 *     hold        1 + index of the stage that may not end by its own limits  coordinator
 *     ready       how many workers wait at the gate                          workers, once each
 *     starts      64 bits a stage, drain and closing: microseconds           first writer wins
 *                 of the process's monotonic clock, 0 = not begun
 *     tickets     one line a stage: requests asked for in it                 clients, by atomic add
 *
 * Protocol: whoever sees that stage k is over writes the start of stage k+1, if nobody has yet, and only then moves the
 * position from k to k+1 by compareExchange. A thread that reads the new position therefore finds the start written.
 * The position only grows, so of many that see the same end one moves it and the others change nothing. A held stage goes
 * on past its limits, for runs that still have workers to kill; `stop` ends it all the same.
 *
 * Limits: 64-bit starts are read once a stage and thread, then kept; nothing on the call path makes a BigInt.
 */
export class Gate implements Situation {
  readonly #cells: Cells
  readonly #stages: number
  readonly #clock: Clock
  readonly #position: number
  readonly #measured: number
  readonly #hold: number
  readonly #ready: number
  readonly #starts: number
  readonly #tickets: number
  #measuredStartMs = 0

  constructor(cells: Cells, firstCell: number, stages: number, clock: Clock = monotonicClock) {
    const layout = new Layout(firstCell)
    this.#cells = cells
    this.#stages = stages
    this.#clock = clock
    this.#position = layout.lineOf()
    this.#measured = layout.cells()
    this.#hold = layout.cells()
    this.#ready = layout.lineOf()
    this.#starts = layout.lineOf((stages + 2) * 2)
    this.#tickets = layout.lineOf(stages * CELLS_PER_LINE)
  }

  /** How many cells a gate of so many stages needs; it begins a cache line. */
  static size(stages: number): number {
    const layout = new Layout()
    layout.lineOf(3)
    layout.lineOf()
    layout.lineOf((stages + 2) * 2)
    layout.lineOf(stages * CELLS_PER_LINE)
    return layout.size
  }

  /** Stages of the plan, the drain apart. */
  get stages(): number {
    return this.#stages
  }

  /** Once, before any other thread sees the gate. */
  initialize(firstMeasuredStage: number): void {
    this.#cells.store(this.#measured, firstMeasuredStage)
  }

  /** −1 before the gate opens, `stages` while the run drains, `stages + 1` once it is closed. */
  stage(): number {
    return this.#cells.load(this.#position) - 1
  }

  measuredMs(): number {
    if (this.#measuredStartMs === 0) {
      this.#measuredStartMs = this.startMs(this.#cells.load(this.#measured)) ?? 0
      if (this.#measuredStartMs === 0) return -1
    }
    return this.#clock.nowMs() - this.#measuredStartMs
  }

  /** When the stage began, on the process's monotonic clock; absent if it has not, or was skipped by a stop. */
  startMs(stage: number): number | undefined {
    const startUs = this.#cells.load64(this.#starts + stage * 2)
    return startUs === 0n ? undefined : Number(startUs) / 1000
  }

  open(): void {
    this.advance(-1)
  }

  /** The cell that every move notifies, for waiting without a busy loop while it holds the stage's index and 1. */
  get positionCell(): number {
    return this.#position
  }

  /** Lets that stage go on past its limits; without one, none does. */
  hold(stage?: number): void {
    this.#cells.store(this.#hold, stage === undefined ? 0 : stage + 1)
  }

  /** Ends stage `from` if it still goes on; the next one begins now. Returns whether this call ended it. */
  advance(from: number): boolean {
    if (from >= 0 && this.#cells.load(this.#hold) === from + 1) return false
    return this.#move(from, from + 1)
  }

  /** Ends the run wherever it stands: stages that have not begun never will. */
  stop(): void {
    for (let stage = this.stage(); stage < this.#stages; stage = this.stage()) {
      if (this.#move(stage, this.#stages)) return
    }
  }

  /** After this nobody writes into the arena any more. */
  close(): void {
    this.stop()
    this.advance(this.#stages)
  }

  /** False, and the stage is ended, if it has no ticket left; a stage that is held has as many as are asked for. */
  takeTicket(stage: number, requests: number): boolean {
    if (this.#cells.add(this.#tickets + stage * CELLS_PER_LINE, 1) < requests) return true
    this.advance(stage)
    return this.stage() === stage
  }

  ticketsTaken(stage: number): number {
    return this.#cells.load(this.#tickets + stage * CELLS_PER_LINE)
  }

  reportReady(): void {
    this.#cells.add(this.#ready, 1)
  }

  /** How many workers have ever waited at the gate, successors of killed ones included. */
  readyWorkers(): number {
    return this.#cells.load(this.#ready)
  }

  #move(from: number, to: number): boolean {
    const nowUs = BigInt(Math.round(this.#clock.nowMs() * 1000))
    this.#cells.compareExchange64(this.#starts + to * 2, 0n, nowUs)
    const moved = this.#cells.compareExchange(this.#position, from + 1, to + 1) === from + 1
    // Workers wait for the opening and for the end of a rest.
    if (moved) this.#cells.notify(this.#position, Number.POSITIVE_INFINITY)
    return moved
  }
}
