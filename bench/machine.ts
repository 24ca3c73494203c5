import { availableParallelism, cpus, loadavg } from 'node:os'
import { wallTimeText } from '../src/world/clock.js'

/** Where the figures were taken: without it they say nothing. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly processor: string
  readonly processors: number
  /** Of the minute before: what else was running. */
  readonly loadAverage: number
}

export function thisMachine(): Machine {
  return {
    date: wallTimeText(),
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}
