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
const WindowCode = { consecutive: 1, count: 2, time: 3 } as const

/**
 * Rates are stored in billionths, rounded down: so every rate of up to nine decimals comes back exactly, and what reaches a
 * rate of more (2/3) reaches what is kept of it.
 */
export const RATE_UNITS = 1e9
/** Multipliers are stored in millionths. */
const MULTIPLIER_UNITS = 1e6
/** Durations are stored in microseconds up to half an hour, and in milliseconds, as negative numbers, above. */
const MICROSECONDS_MAX = 2_000_000
/** What is optional and not there. No value that is allowed is stored as 0 in those fields. */
const NONE = 0

const Field = {
  windowType: 0,
  windowSize: 1,
  buckets: 2,
  failureRate: 3,
  minimumCalls: 4,
  permittedInHalfOpen: 5,
  lease: 6,
  maxWaitInHalfOpen: 7,
  closedAfterMaxWait: 8,
  slowDuration: 9,
  slowRate: 10,
  waitInOpen: 11,
  waitMultiplier: 12,
  waitMax: 13,
  waitRandomization: 14,
  quorum: 15,
  stalledAge: 16,
  stalledCount: 17,
  maxConcurrent: 18,
  timeout: 19,
  rampUpStep: 20,
  rampUpSteps: 21,
  rampUpShares: 22,
} as const

export function storeConfiguration(cells: Cells, block: number, configuration: Configuration): void {
  const { slidingWindow: window, waitDurationInOpenStateMs: wait, stalledCalls, rampUp } = configuration
  const growing = typeof wait === 'number' ? undefined : wait
  const values: [number, number][] = [
    [Field.windowType, WindowCode[window.type]],
    [Field.windowSize, window.type === 'time' ? window.durationMs : window.size],
    [Field.buckets, window.type === 'time' ? window.buckets : NONE],
    [Field.failureRate, packRate(configuration.failureRateThreshold)],
    [Field.minimumCalls, configuration.minimumCalls],
    [Field.permittedInHalfOpen, configuration.permittedNumberOfCallsInHalfOpenState],
    [Field.lease, packDuration(configuration.leaseDurationMs)],
    [Field.maxWaitInHalfOpen, packDuration(configuration.maxWaitDurationInHalfOpenStateMs)],
    [Field.closedAfterMaxWait, configuration.transitionToStateAfterWaitDuration === 'closed' ? 1 : 0],
    [Field.slowDuration, packDuration(configuration.slowCallDurationThresholdMs ?? NONE)],
    [Field.slowRate, packRate(configuration.slowCallRateThreshold)],
    [Field.waitInOpen, packDuration(typeof wait === 'number' ? wait : wait.initialMs)],
    [Field.waitMultiplier, Math.round((growing?.multiplier ?? NONE) * MULTIPLIER_UNITS)],
    [Field.waitMax, packDuration(growing?.maxMs ?? NONE)],
    [Field.waitRandomization, packRate(growing?.randomizationFactor ?? NONE)],
    [Field.quorum, configuration.quorum],
    [Field.stalledAge, packDuration(stalledCalls?.ageMs ?? NONE)],
    [Field.stalledCount, stalledCalls?.count ?? NONE],
    [Field.maxConcurrent, configuration.maxConcurrentCalls ?? NONE],
    [Field.timeout, packDuration(configuration.timeoutMs ?? NONE)],
    [Field.rampUpStep, packDuration(rampUp?.stepDurationMs ?? NONE)],
    [Field.rampUpSteps, rampUp?.shares.length ?? NONE],
  ]
  rampUp?.shares.forEach((share, index) => {
    values.push([Field.rampUpShares + index, packRate(share)])
  })
  for (const [field, value] of values) {
    if (field >= CELLS_PER_LINE) throw new RangeError('a configuration must fit its line')
    cells.store(block + field, value)
  }
}

export function loadConfiguration(cells: Cells, block: number): Configuration {
  const field = (index: number) => cells.load(block + index)
  const duration = (index: number) => unpackDuration(field(index))
  const rate = (index: number) => field(index) / RATE_UNITS
  const optional = <Value>(index: number, value: () => Value) => (field(index) === NONE ? undefined : value())
  return {
    slidingWindow: loadWindow(field),
    failureRateThreshold: rate(Field.failureRate),
    slowCallDurationThresholdMs: optional(Field.slowDuration, () => duration(Field.slowDuration)),
    slowCallRateThreshold: rate(Field.slowRate),
    minimumCalls: field(Field.minimumCalls),
    waitDurationInOpenStateMs:
      field(Field.waitMultiplier) === NONE
        ? duration(Field.waitInOpen)
        : {
            initialMs: duration(Field.waitInOpen),
            multiplier: field(Field.waitMultiplier) / MULTIPLIER_UNITS,
            maxMs: duration(Field.waitMax),
            randomizationFactor: rate(Field.waitRandomization),
          },
    permittedNumberOfCallsInHalfOpenState: field(Field.permittedInHalfOpen),
    maxWaitDurationInHalfOpenStateMs: duration(Field.maxWaitInHalfOpen),
    transitionToStateAfterWaitDuration: field(Field.closedAfterMaxWait) === 1 ? 'closed' : 'open',
    leaseDurationMs: duration(Field.lease),
    rampUp: optional(Field.rampUpSteps, () => ({
      shares: Array.from({ length: field(Field.rampUpSteps) }, (_, index) => rate(Field.rampUpShares + index)),
      stepDurationMs: duration(Field.rampUpStep),
    })),
    quorum: field(Field.quorum),
    stalledCalls: optional(Field.stalledCount, () => ({
      ageMs: duration(Field.stalledAge),
      count: field(Field.stalledCount),
    })),
    maxConcurrentCalls: optional(Field.maxConcurrent, () => field(Field.maxConcurrent)),
    timeoutMs: optional(Field.timeout, () => duration(Field.timeout)),
  }
}

function loadWindow(field: (index: number) => number): Configuration['slidingWindow'] {
  const size = field(Field.windowSize)
  switch (field(Field.windowType)) {
    case WindowCode.time:
      return { type: 'time', durationMs: size, buckets: field(Field.buckets) }
    case WindowCode.count:
      return { type: 'count', size }
    default:
      return { type: 'consecutive', size }
  }
}

function packRate(rate: number): number {
  const nearest = Math.round(rate * RATE_UNITS)
  return nearest / RATE_UNITS <= rate ? nearest : nearest - 1
}

export function packDuration(durationMs: number): number {
  return durationMs <= MICROSECONDS_MAX ? Math.round(durationMs * 1000) : -Math.round(durationMs)
}

export function unpackDuration(packed: number): number {
  return packed >= 0 ? packed / 1000 : -packed
}
