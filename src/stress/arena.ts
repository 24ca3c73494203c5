import { EngineError } from '../engine.js'
import { AtomicCells } from '../memory/atomic-cells.js'
import { CELL_BYTES, Layout } from '../memory/layout.js'
import { plainWords } from '../memory/plain-words.js'
import { Gate } from './gate.js'
import { HISTOGRAM_WORDS } from './histogram.js'
import { Journal } from './journal.js'
import { SampleLog } from './soak/sample-log.js'

/**
 * The arena: one buffer with all that the threads of a run share, the breaker apart.
 *
 * Map: gate · received (one cell a stage and one for the drain, written by the HTTP server's thread) · journals (one a
 * worker task) · sample logs (the
 * coordinator's and one a worker task, if the plan is a soak) · histograms (one a worker slot, stage and kind).
 *
 * A killed worker's successor has a journal of its own, so that what the dead one had in flight can be named, but writes
 * on in its histograms: it begins only after the other's exit, so each still has one writer at a time.
 */
export interface ArenaShape {
  /** Stages of the plan, the drain apart. */
  readonly stages: number
  /** Worker threads that run at the same time. */
  readonly slots: number
  /** Worker tasks in all: one a slot, and one for each that may die and be replaced. */
  readonly journals: number
  /** Samples of a soak that each thread takes at most; absent where there is none. */
  readonly samples?: number
}

export const HistogramKind = { letThrough: 0, refused: 1 } as const
export type HistogramKind = (typeof HistogramKind)[keyof typeof HistogramKind]

const KINDS = 2
const BYTES_MAX = 2 ** 30

export class Arena {
  readonly shape: ArenaShape
  readonly cells: AtomicCells
  readonly gate: Gate
  readonly gateCell: number
  readonly receivedCell: number
  readonly #journals: number
  readonly #sampleLogs: number
  readonly #histograms: number

  /** Attaches to a buffer that `allocate` made for the same shape. */
  constructor(buffer: SharedArrayBuffer, shape: ArenaShape) {
    const map = arenaMap(shape)
    this.shape = shape
    this.cells = new AtomicCells(buffer)
    this.gateCell = map.gate
    this.receivedCell = map.received
    this.#journals = map.journals
    this.#sampleLogs = map.sampleLogs
    this.#histograms = map.histograms
    this.gate = new Gate(this.cells, map.gate, shape.stages)
  }

  static allocate(shape: ArenaShape): Arena {
    const { size } = arenaMap(shape)
    const bytes = size * CELL_BYTES
    if (bytes > BYTES_MAX) {
      throw new EngineError(
        'ERR_PLAN',
        `${shape.slots} workers × ${shape.stages} stages need ${Math.round(bytes / 2 ** 20)} MB for latencies; ` +
          `at most ${BYTES_MAX / 2 ** 20} MB are allowed: take fewer workers or stages`,
      )
    }
    return new Arena(AtomicCells.allocate(size).buffer, shape)
  }

  get buffer(): SharedArrayBuffer {
    return this.cells.buffer
  }

  journal(index: number): Journal {
    const { stages, journals } = this.shape
    if (index >= journals) throw new RangeError(`journal ${index} of ${journals}`)
    return new Journal(this.cells, this.#journals + index * Journal.size(stages + 1), stages + 1)
  }

  /** 0 is the coordinator's, journal + 1 a worker's. */
  sampleLog(index: number): SampleLog {
    const { samples = 0 } = this.shape
    return new SampleLog(this.cells, this.#sampleLogs + index * SampleLog.size(samples), samples)
  }

  /** Written by the slot's worker alone; others read it after the gate has closed. */
  histogram(slot: number, stage: number, kind: HistogramKind): Uint32Array {
    const index = (slot * (this.shape.stages + 1) + stage) * KINDS + kind
    return plainWords(this.buffer, this.#histograms + index * HISTOGRAM_WORDS, HISTOGRAM_WORDS)
  }

  receivedByServer(stage: number): number {
    return this.cells.load(this.receivedCell + stage) >>> 0
  }
}

/** Where each part of the arena begins, as cell indices. */
export function arenaMap(shape: ArenaShape) {
  const layout = new Layout()
  const gate = layout.lineOf(Gate.size(shape.stages))
  const received = layout.lineOf(shape.stages + 1)
  const journals = layout.lineOf(shape.journals * Journal.size(shape.stages + 1))
  const sampleLogs = layout.lineOf((shape.journals + 1) * SampleLog.size(shape.samples ?? 0))
  const histograms = layout.lineOf(shape.slots * (shape.stages + 1) * KINDS * HISTOGRAM_WORDS)
  return { gate, received, journals, sampleLogs, histograms, size: layout.size }
}
