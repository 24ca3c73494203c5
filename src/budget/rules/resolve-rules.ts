import { ConfigurationError } from '../../breaker/errors.js'
import { between, duration, LONGEST_MS, oneOf, whole } from '../../breaker/resolve-options.js'
import { METER_AMOUNT_MAX } from './rate-meter.js'
import type { CostRule, Threshold, Throttle } from './rule.js'

export const RULES_MAX = 64
const MONEY_MAX = Number.MAX_SAFE_INTEGER
const HOUR_MS = 3_600_000
const PERCENT_MAX = 1000
/** Percentages are whole thousandths of a percent. */
export const PERCENT_UNITS = 1000
const fields = [
  'id',
  'threshold',
  'action',
  'throttle',
  'priority',
  'cooldownMs',
  'appliesTo',
  'emergencyOverride',
  'recoveryThreshold',
  'recoveryWindowMs',
]

export type ResolvedThrottle =
  | { readonly kind: 'token-bucket'; readonly factor: number }
  | { readonly kind: 'delay'; readonly intervalMs: number; readonly maxDelayMs: number }

/** A rule with every default filled in. */
export interface ResolvedRule {
  readonly id: string
  readonly threshold: Threshold
  /** What must be reached, and what must be gone below for it to end, in the threshold's unit. */
  readonly level: number
  readonly recoveryLevel: number
  readonly windowMs: number
  readonly action: CostRule['action']
  readonly throttle: ResolvedThrottle | undefined
  readonly priority: number
  readonly cooldownMs: number
  readonly operations: readonly string[] | undefined
  readonly categories: readonly string[] | undefined
  readonly emergencyOverride: boolean
  readonly recoveryWindowMs: number
}

/** In the order in which they were given. Throws a `ConfigurationError` for the first field that is not allowed. */
export function resolveRules(rules: readonly CostRule[]): readonly ResolvedRule[] {
  if (!Array.isArray(rules) || rules.length > RULES_MAX) {
    throw new ConfigurationError('rules', rules, `an array of at most ${RULES_MAX} rules`)
  }
  const resolved = rules.map((rule, index) => resolveRule(rule, `rules[${index}]`))
  for (const [index, { id }] of resolved.entries()) {
    if (resolved.findIndex((rule) => rule.id === id) !== index) {
      throw new ConfigurationError(`rules[${index}].id`, id, 'an id that no rule before has')
    }
  }
  return resolved
}

function resolveRule(rule: CostRule, at: string): ResolvedRule {
  known(at, rule, fields)
  const { id, threshold } = rule
  if (typeof id !== 'string' || id === '') throw new ConfigurationError(`${at}.id`, id, 'a string that is not empty')
  const action = oneOf(`${at}.action`, rule.action, ['block', 'throttle', 'alert'])
  const level = resolveThreshold(`${at}.threshold`, threshold)
  refuseWhatDoesNothing(rule, at)
  const unit = threshold.type.startsWith('percentage') ? thousandths : money
  const recoveryLevel = rule.recoveryThreshold ?? level
  if (unit(`${at}.recoveryThreshold`, recoveryLevel) > level) {
    throw new ConfigurationError(`${at}.recoveryThreshold`, recoveryLevel, `at most the threshold, ${level}`)
  }
  return {
    id,
    threshold,
    level,
    recoveryLevel,
    windowMs: threshold.type === 'rate' ? (threshold.windowMs ?? HOUR_MS) : 0,
    action,
    throttle: rule.throttle && resolveThrottle(`${at}.throttle`, rule.throttle),
    priority: whole(`${at}.priority`, rule.priority ?? 0, -1000, 1000),
    cooldownMs: duration(`${at}.cooldownMs`, rule.cooldownMs ?? 0),
    operations: names(`${at}.appliesTo.operations`, rule.appliesTo?.operations),
    categories: names(`${at}.appliesTo.categories`, rule.appliesTo?.categories),
    emergencyOverride: oneOfBoth(`${at}.emergencyOverride`, rule.emergencyOverride ?? false),
    recoveryWindowMs: duration(`${at}.recoveryWindowMs`, rule.recoveryWindowMs ?? 0),
  }
}

/** The level that fires it. */
function resolveThreshold(at: string, threshold: Threshold): number {
  const types = [
    'absolute-daily',
    'absolute-monthly',
    'percentage-daily',
    'percentage-monthly',
    'rate',
    'single-operation',
  ]
  oneOf(`${at}.type`, threshold?.type, types)
  switch (threshold.type) {
    case 'percentage-daily':
    case 'percentage-monthly':
      known(at, threshold, ['type', 'percent'])
      return thousandths(`${at}.percent`, threshold.percent)
    case 'rate': {
      known(at, threshold, ['type', 'amountPerHour', 'windowMs'])
      const windowMs = whole(`${at}.windowMs`, threshold.windowMs ?? HOUR_MS, 1000, LONGEST_MS)
      // More than a bucket of the meter can hold would never be seen.
      return whole(`${at}.amountPerHour`, threshold.amountPerHour, 0, rateMax(windowMs))
    }
    default:
      known(at, threshold, ['type', 'amount'])
      return money(`${at}.amount`, threshold.amount)
  }
}

function rateMax(windowMs: number): number {
  return Math.min(MONEY_MAX, Math.floor(((METER_AMOUNT_MAX - 1) / windowMs) * HOUR_MS))
}

function resolveThrottle(at: string, throttle: Throttle): ResolvedThrottle {
  const kind = oneOf(`${at}.kind`, throttle.kind, ['token-bucket', 'delay'])
  const factor = between(`${at}.factor`, throttle.factor, 0.001, 1)
  if (throttle.kind !== 'delay') {
    known(at, throttle, ['kind', 'factor'])
    return { kind: 'token-bucket', factor }
  }
  known(at, throttle, ['kind', 'factor', 'intervalMs', 'maxDelayMs'])
  const intervalMs = between(`${at}.intervalMs`, throttle.intervalMs ?? 100, 0.001, 3_600_000)
  return {
    kind: kind as 'delay',
    intervalMs: intervalMs / factor,
    maxDelayMs: duration(`${at}.maxDelayMs`, throttle.maxDelayMs ?? 10_000),
  }
}

/** A setting that would do nothing is a mistake of whoever made it. */
function refuseWhatDoesNothing({ action, threshold, throttle, ...rule }: CostRule, at: string): void {
  if ((action === 'throttle') !== (throttle !== undefined)) {
    const allowed = action === 'throttle' ? 'a throttle, as the action is "throttle"' : 'undefined without that action'
    throw new ConfigurationError(`${at}.throttle`, throttle, allowed)
  }
  const isOfTheCall = threshold.type === 'single-operation'
  const lasts = action !== 'alert' && !isOfTheCall
  for (const field of ['recoveryThreshold', 'recoveryWindowMs'] as const) {
    if (!lasts && rule[field] !== undefined) {
      throw new ConfigurationError(`${at}.${field}`, rule[field], 'undefined for alerts and single operations')
    }
  }
  if (isOfTheCall && action !== 'alert' && rule.cooldownMs !== undefined) {
    throw new ConfigurationError(`${at}.cooldownMs`, rule.cooldownMs, 'undefined: it judges each operation by itself')
  }
}

function money(field: string, value: unknown): number {
  return whole(field, value, 0, MONEY_MAX)
}

function thousandths(field: string, value: unknown): number {
  const percent = between(field, value, 0, PERCENT_MAX)
  if (Math.abs(Math.round(percent * PERCENT_UNITS) / PERCENT_UNITS - percent) < 1e-9) return percent
  throw new ConfigurationError(field, value, 'percent in steps of 0.001')
}

function oneOfBoth(field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new ConfigurationError(field, value, 'true or false')
}

function names(field: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  const isList = Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
  if (isList) return [...value]
  throw new ConfigurationError(field, value, 'an array of names that is not empty')
}

function known(at: string, given: object, allowed: readonly string[]): void {
  if (typeof given !== 'object' || given === null) throw new ConfigurationError(at, given, 'an object')
  const other = Object.keys(given).find((key) => !allowed.includes(key))
  if (other !== undefined) {
    throw new ConfigurationError(
      `${at}.${other}`,
      given[other as keyof typeof given],
      `no field but ${allowed.join(', ')}`,
    )
  }
}
