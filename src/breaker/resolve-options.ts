import { ConfigurationError } from './errors.js'
import { type CircuitState, states } from './life/control-word.js'
import type { BreakerOptions, Configuration, ExponentialWait, RampUp, Rules, SlidingWindow } from './options.js'
import type { Sizes } from './storage/memory-map.js'

/** The longest duration there is: that of Node's timers, 24.8 days. */
export const LONGEST_MS = 2_147_483_647
const RAMP_UP_STEPS_MAX = 8
const HOUR_MS = 3_600_000

/** What a new breaker begins with, checked. */
export interface ResolvedOptions {
  readonly name: string
  readonly initialState: CircuitState
  readonly configuration: Configuration
  readonly sizes: Sizes
}

/** Throws a `ConfigurationError` for the first field that is not allowed. */
export function resolveOptions(options: BreakerOptions): ResolvedOptions {
  const name = resolveName(options.name)
  const initialState = oneOf('initialState', options.initialState ?? 'closed', states)
  const configuration = resolveRules(options)
  const slots = powerOfTwoFrom(whole('maxThreads', options.maxThreads ?? 64, 1, 1024))
  const events = powerOfTwoFrom(whole('eventCapacity', options.eventCapacity ?? 128, 16, 65_536))
  return { name, initialState, configuration, sizes: sizesFor(configuration, slots, events) }
}

export function resolveName(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name
  throw new ConfigurationError('name', name, 'a string that is not empty')
}

export function resolveRules(rules: Rules): Configuration {
  const slidingWindow = resolveWindow(rules.slidingWindow ?? { type: 'time', durationMs: 10_000 })
  const configuration: Configuration = {
    slidingWindow,
    failureRateThreshold: rate('failureRateThreshold', rules.failureRateThreshold ?? 0.5),
    slowCallDurationThresholdMs: optional(rules.slowCallDurationThresholdMs, (value) =>
      someTime('slowCallDurationThresholdMs', value),
    ),
    slowCallRateThreshold: rate('slowCallRateThreshold', rules.slowCallRateThreshold ?? 1),
    minimumCalls: whole('minimumCalls', rules.minimumCalls ?? 20, 1, LONGEST_MS),
    waitDurationInOpenStateMs: resolveWait(rules.waitDurationInOpenStateMs ?? 60_000),
    permittedNumberOfCallsInHalfOpenState: whole(
      'permittedNumberOfCallsInHalfOpenState',
      rules.permittedNumberOfCallsInHalfOpenState ?? 10,
      1,
      256,
    ),
    maxWaitDurationInHalfOpenStateMs: duration(
      'maxWaitDurationInHalfOpenStateMs',
      rules.maxWaitDurationInHalfOpenStateMs ?? 0,
    ),
    transitionToStateAfterWaitDuration: oneOf(
      'transitionToStateAfterWaitDuration',
      rules.transitionToStateAfterWaitDuration ?? 'open',
      ['open', 'closed'],
    ),
    leaseDurationMs: duration('leaseDurationMs', rules.leaseDurationMs ?? 60_000),
    rampUp: optional(rules.rampUp, resolveRampUp),
    quorum: whole('quorum', rules.quorum ?? 1, 1, 1024),
    stalledCalls: optional(rules.stalledCalls, ({ ageMs, count }) => ({
      ageMs: someTime('stalledCalls.ageMs', ageMs),
      count: whole('stalledCalls.count', count, 1, LONGEST_MS),
    })),
    maxConcurrentCalls: optional(rules.maxConcurrentCalls, (value) => whole('maxConcurrentCalls', value, 1, 65_536)),
    timeoutMs: optional(rules.timeoutMs, (value) => someTime('timeoutMs', value)),
  }
  refuseWhatTheWindowCannot(configuration)
  return configuration
}

/** Throws if the configuration needs more room than its breaker was created with. */
export function checkFits(configuration: Configuration, room: Sizes): void {
  const needed = sizesFor(configuration, room.slots, room.events)
  const { slidingWindow: window } = configuration
  const fields = {
    leases: ['permittedNumberOfCallsInHalfOpenState', configuration.permittedNumberOfCallsInHalfOpenState],
    buckets: ['slidingWindow.buckets', needed.buckets],
    ring: ['slidingWindow.size', window.type === 'count' ? window.size : 0],
    seats: ['maxConcurrentCalls', configuration.maxConcurrentCalls],
  } as const
  for (const [name, [field, value]] of Object.entries(fields)) {
    const part = name as keyof typeof fields
    const most = part === 'ring' ? Math.max(0, room.ring - room.slots) : room[part]
    if (needed[part] > room[part]) {
      throw new ConfigurationError(field, value, `at most ${most}, for which this breaker was created with room`)
    }
  }
}

function sizesFor(configuration: Configuration, slots: number, events: number): Sizes {
  const window = configuration.slidingWindow
  return {
    slots,
    leases: configuration.permittedNumberOfCallsInHalfOpenState,
    buckets: window.type === 'time' ? window.buckets : 0,
    // Room for as many calls again as threads may be recording at one moment.
    ring: window.type === 'count' ? powerOfTwoFrom(window.size + slots) : 0,
    seats: configuration.maxConcurrentCalls ?? 0,
    events,
  }
}

function refuseWhatTheWindowCannot({ slidingWindow, quorum, slowCallDurationThresholdMs }: Configuration): void {
  if (slidingWindow.type === 'consecutive' && slowCallDurationThresholdMs !== undefined) {
    throw new ConfigurationError(
      'slowCallDurationThresholdMs',
      slowCallDurationThresholdMs,
      'undefined with a consecutive window, which has no rates',
    )
  }
  if (slidingWindow.type !== 'time' && quorum > 1) {
    throw new ConfigurationError('quorum', quorum, '1 unless the window is one of time, which tells threads apart')
  }
}

function resolveWindow(window: SlidingWindow): Configuration['slidingWindow'] {
  switch (window.type) {
    case 'consecutive':
      return { type: 'consecutive', size: whole('slidingWindow.size', window.size, 1, 65_535) }
    case 'count':
      return { type: 'count', size: whole('slidingWindow.size', window.size, 1, 1_000_000) }
    case 'time': {
      const durationMs = whole('slidingWindow.durationMs', window.durationMs, 1, LONGEST_MS)
      return { type: 'time', durationMs, buckets: whole('slidingWindow.buckets', window.buckets ?? 10, 1, 1000) }
    }
    default:
      throw new ConfigurationError(
        'slidingWindow.type',
        (window as { type?: unknown }).type,
        '"consecutive", "count" or "time"',
      )
  }
}

function resolveWait(wait: number | ExponentialWait): number | Required<ExponentialWait> {
  if (typeof wait !== 'object' || wait === null) return duration('waitDurationInOpenStateMs', wait)
  const field = 'waitDurationInOpenStateMs'
  return {
    initialMs: duration(`${field}.initialMs`, wait.initialMs),
    multiplier: between(`${field}.multiplier`, wait.multiplier ?? 2, 1, 1000),
    maxMs: duration(`${field}.maxMs`, wait.maxMs ?? HOUR_MS),
    randomizationFactor: between(`${field}.randomizationFactor`, wait.randomizationFactor ?? 0.5, 0, 1),
  }
}

function resolveRampUp({ shares, stepDurationMs }: RampUp): RampUp {
  if (!Array.isArray(shares) || shares.length === 0 || shares.length > RAMP_UP_STEPS_MAX) {
    throw new ConfigurationError('rampUp.shares', shares, `1 to ${RAMP_UP_STEPS_MAX} shares`)
  }
  return {
    shares: shares.map((share, index) => rate(`rampUp.shares[${index}]`, share)),
    stepDurationMs: someTime('rampUp.stepDurationMs', stepDurationMs),
  }
}

function optional<Given, Resolved>(
  value: Given | undefined,
  resolve: (value: Given) => Resolved,
): Resolved | undefined {
  return value === undefined || value === null ? undefined : resolve(value)
}

export function oneOf<Choice extends string>(field: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  throw new ConfigurationError(field, value, choices.map((choice) => `"${choice}"`).join(', '))
}

export function whole(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new ConfigurationError(field, value, `a whole number from ${least} to ${most}`)
}

export function between(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new ConfigurationError(field, value, `a number from ${least} to ${most}`)
}

export function duration(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= LONGEST_MS) return value
  throw new ConfigurationError(field, value, `milliseconds from 0 to ${LONGEST_MS}`)
}

/** A duration that is not nothing; a microsecond at least, which is how times are kept. */
function someTime(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0.001 && value <= LONGEST_MS) return value
  throw new ConfigurationError(field, value, `milliseconds from 0.001 to ${LONGEST_MS}`)
}

function rate(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1e-9 && value <= 1) return value
  throw new ConfigurationError(field, value, 'a number from 0.000000001 to 1')
}

export function powerOfTwoFrom(least: number): number {
  return 2 ** Math.ceil(Math.log2(least))
}
