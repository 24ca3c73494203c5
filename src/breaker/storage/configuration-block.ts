import type { Cells } from '../../memory/cells.js'
import { CELLS_PER_LINE } from '../../memory/layout.js'
import type { Configuration } from '../options.js'

/**
 * A configuration in shared memory: one line.
 *
 * Protocol: a block is written while no life names it, and a life that names it begins only after; it never changes while
 * a life names it. Whoever read a block looks at the control word again: the same life, so the block was whole.
 * Breaks if a block is written while the current life names it.
 */
const WindowCode = { consecutive: 1, time: 3 } as const

/** Rates are stored in billionths, which gives every rate of up to nine decimals back exactly. */
const RATE_UNITS = 1e9
/** Durations are stored in microseconds up to half an hour, and in milliseconds, as negative numbers, above. */
const MICROSECONDS_MAX = 2_000_000

const Field = {
  windowType: 0,
  windowSize: 1,
  buckets: 2,
  failureRate: 3,
  minimumCalls: 4,
  waitInOpen: 5,
  permittedInHalfOpen: 6,
  lease: 7,
} as const

export function storeConfiguration(cells: Cells, block: number, configuration: Configuration): void {
  const window = configuration.slidingWindow
  const values: [number, number][] = [
    [Field.windowType, WindowCode[window.type]],
    [Field.windowSize, window.type === 'time' ? window.durationMs : window.size],
    [Field.buckets, window.type === 'time' ? window.buckets : 0],
    [Field.failureRate, Math.round(configuration.failureRateThreshold * RATE_UNITS)],
    [Field.minimumCalls, configuration.minimumCalls],
    [Field.waitInOpen, packDuration(configuration.waitDurationInOpenStateMs)],
    [Field.permittedInHalfOpen, configuration.permittedNumberOfCallsInHalfOpenState],
    [Field.lease, packDuration(configuration.leaseDurationMs)],
  ]
  for (const [field, value] of values) {
    if (field >= CELLS_PER_LINE) throw new RangeError('a configuration must fit its line')
    cells.store(block + field, value)
  }
}

export function loadConfiguration(cells: Cells, block: number, maxThreads: number): Configuration {
  const size = cells.load(block + Field.windowSize)
  return {
    slidingWindow:
      cells.load(block + Field.windowType) === WindowCode.time
        ? { type: 'time', durationMs: size, buckets: cells.load(block + Field.buckets) }
        : { type: 'consecutive', size },
    failureRateThreshold: cells.load(block + Field.failureRate) / RATE_UNITS,
    minimumCalls: cells.load(block + Field.minimumCalls),
    waitDurationInOpenStateMs: unpackDuration(cells.load(block + Field.waitInOpen)),
    permittedNumberOfCallsInHalfOpenState: cells.load(block + Field.permittedInHalfOpen),
    leaseDurationMs: unpackDuration(cells.load(block + Field.lease)),
    maxThreads,
  }
}

export function packDuration(durationMs: number): number {
  return durationMs <= MICROSECONDS_MAX ? Math.round(durationMs * 1000) : -Math.round(durationMs)
}

export function unpackDuration(packed: number): number {
  return packed >= 0 ? packed / 1000 : -packed
}
