import { releaseEnded } from '../../breaker/admission/release.js'
import { Circuit } from '../../breaker/circuit.js'
import { EventLog } from '../../breaker/events/event-log.js'
import { OpenWait } from '../../breaker/life/open-wait.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import type { BreakerOptions } from '../../breaker/options.js'
import { type Snapshot, takeSnapshot } from '../../breaker/snapshot.js'
import type { MemoryMap } from '../../breaker/storage/memory-map.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import type { Body, Call, Program, ThreadWorld } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Clock } from '../../world/clock.js'
import { cellName } from './cell-name.js'

/** When a program begins, on the explorer's clock. */
export const START_MS = 1_000

/** A thread's end of the shipped breaker, in the explorer. */
export interface End {
  readonly circuit: Circuit
  /** Its end of the event log. */
  readonly log: EventLog
  readonly world: ThreadWorld
}

/** What a thread does with it. What it returns is seen by the checks. */
export type BreakerAct = (end: End, call: Call, cells: Cells) => unknown

export interface BreakerSetting {
  readonly options?: Omit<BreakerOptions, 'name'>
  readonly acts: readonly BreakerAct[]
  /** Brings the circuit to where the threads find it. */
  readonly prepare?: (circuit: Circuit) => void
  readonly deaths?: number
  /** Default: time stands still. */
  readonly ticksMs?: readonly number[]
  readonly random?: readonly number[]
  /** Cells behind the breaker's, for what the acts note themselves. */
  readonly extraCells?: number
}

/** The shipped breaker's synchronous whole over explored cells, and what its checks need to look into its memory. */
export class BreakerProgram {
  readonly program: Program<End>
  readonly map: MemoryMap
  readonly nameOfCell: (cell: number) => string

  constructor({ options = {}, acts, prepare, deaths = 0, ticksMs = [], random, extraCells = 0 }: BreakerSetting) {
    const threads = acts.length
    const slots = { maxThreads: threads + 1, eventCapacity: 16 }
    const { cells: shared, map } = memoryOfNew({ name: 'raced', ...slots, ...options }, { clock: at(START_MS) })
    this.map = map
    this.nameOfCell = (cell) => cellName(map, cell)
    this.program = {
      cells: shared.length + extraCells,
      initial: Array.from({ length: shared.length }, (_, cell) => shared.load(cell)),
      setup: (cells) => {
        for (let thread = 0; thread < threads; thread++) claimSlot(cells, map, threadIdOf(thread))
        // The last slot is the preparer's.
        if (prepare) prepare(this.#circuit(cells, threads, at(START_MS)))
        return (own, world) => {
          const log = new EventLog(own, map, world.thread)
          return { circuit: this.#circuit(own, world.thread, world.clock, world.random, log), log, world }
        }
      },
      threads: acts.map(
        (act): Body<End> =>
          (cells, call, end) =>
            act(end, call, cells),
      ),
      deaths,
      clock: { startMs: START_MS, ticksMs },
      ...(random ? { random } : {}),
    }
  }

  /** The circuit at the end of an execution; of `returned`, the slots of threads that died, which is undefined, are given back. */
  snapshot(cells: Cells, returned: readonly unknown[] = []): Snapshot {
    const copy = copyOf(cells)
    this.#bury(copy, returned)
    return takeSnapshot(copy, this.map, this.#circuit(copy, this.program.threads.length, at(START_MS)))
  }

  /**
   * Whether calls are served again after an execution: the slots of threads that died are given back, the longest wait passes, and so
   * many calls succeed. Returns the state after these.
   */
  afterRecovery(cells: Cells, returned: readonly unknown[], calls: number, laterMs: number): string {
    const copy = copyOf(cells)
    this.#bury(copy, returned)
    let nowMs = START_MS
    const circuit = this.#circuit(copy, this.program.threads.length, { nowMs: () => nowMs })
    for (let call = 0; call < calls; call++) {
      nowMs += laterMs
      const permission = circuit.tryAcquire()
      if (permission !== 0) circuit.succeed(permission)
    }
    return takeSnapshot(copy, this.map, circuit).state
  }

  /** How many failures in a row would open it now, at most so many; 0 if it is not closed. */
  failuresToOpen(cells: Cells, most: number): number {
    const copy = copyOf(cells)
    const circuit = this.#circuit(copy, this.program.threads.length, at(START_MS))
    const isClosed = () => takeSnapshot(copy, this.map, circuit).state === 'closed'
    let failures = 0
    while (failures < most && isClosed()) {
      circuit.fail(circuit.tryAcquire())
      failures += 1
    }
    return failures
  }

  #bury(copy: Cells, returned: readonly unknown[]): void {
    for (const [thread, result] of returned.entries()) {
      if (result === undefined) releaseEnded(copy, this.map, threadIdOf(thread))
    }
  }

  #circuit(
    cells: Cells,
    slot: number,
    clock: Clock,
    next: () => number = () => 0.5,
    log = new EventLog(cells, this.map, slot),
  ): Circuit {
    return new Circuit('raced', cells, this.map, slot, clock, new OpenWait('raced', { next }, undefined), log)
  }
}

/** In a program's breaker. */
export function threadIdOf(thread: number): number {
  return thread + 1
}

function at(ms: number): Clock {
  return { nowMs: () => ms }
}

/** Memory of its own with what the cells hold, to go on from there. */
function copyOf(cells: Cells): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  return copy
}
