import { formatDuration, parseDuration } from './duration.js'
import { EngineError } from './engine.js'
import type { Behaviour, Fault, Latency } from './plan.js'

/**
 * One entry of the fault script as a word on the command line: what, `@` from when, `+` for how long.
 *
 *     outage@2s+500ms             every call fails
 *     error=0.3@1s+2s             so many of the calls fail; `hang` and `reset` likewise
 *     latency=5ms@0s+10s          also 1ms..10ms (uniform) and exp:5ms..100ms (exponential: mean, longest)
 *     error=0.3,latency=5ms@1s+2s several at once
 */
export const FAULT_GRAMMAR =
  'outage | error=SHARE | hang=SHARE | reset=SHARE | latency=5ms | latency=1ms..10ms | latency=exp:5ms..100ms, ' +
  'joined by commas, then @FROM+FOR, as in error=0.3@1s+2s'

type RateField = 'errorRate' | 'hangRate' | 'resetRate'
const rateFields: Readonly<Record<string, RateField>> = { error: 'errorRate', hang: 'hangRate', reset: 'resetRate' }

export function parseFault(text: string): Fault {
  const match = /^([^@]+)@([^@+]+)\+([^@+]+)$/.exec(text.trim())
  if (!match) throw badFault(text, 'it is not WHAT@FROM+FOR')
  const [, what = '', from = '', length = ''] = match
  const override: Partial<Behaviour> = {}
  for (const part of what.split(',')) parsePart(part, text, override)
  return { fromMs: parseDuration(from, `fault "${text}"`), forMs: parseDuration(length, `fault "${text}"`), override }
}

function parsePart(part: string, text: string, override: Partial<Behaviour>): void {
  const [kind = '', value] = part.split('=')
  const rateField = rateFields[kind]
  if (kind === 'outage' && value === undefined) {
    override.errorRate = 1
  } else if (kind === 'latency' && value !== undefined) {
    override.latency = parseLatency(value, text)
  } else if (rateField && value !== undefined) {
    const rate = value.trim() === '' ? Number.NaN : Number(value)
    if (!(rate >= 0 && rate <= 1)) throw badFault(text, `"${value}" is no share between 0 and 1`)
    override[rateField] = rate
  } else if (part !== 'none') {
    throw badFault(text, `"${part}" is not known`)
  }
}

/** A latency as a word; `text` is what the error quotes. */
export function parseLatency(value: string, text: string): Latency {
  const field = `fault "${text}"`
  const exponential = value.startsWith('exp:')
  const [first = '', second, ...rest] = value.slice(exponential ? 'exp:'.length : 0).split('..')
  if (rest.length > 0 || (exponential && second === undefined)) throw badFault(text, `"${value}" is no latency`)
  if (second === undefined) return { type: 'constant', ms: parseDuration(first, field) }
  const low = parseDuration(first, field)
  const high = parseDuration(second, field)
  if (low > high) throw badFault(text, `"${value}" ends before it begins`)
  return exponential ? { type: 'exponential', meanMs: low, maxMs: high } : { type: 'uniform', minMs: low, maxMs: high }
}

/** The word that `parseFault` reads back as this fault. */
export function formatFault(fault: Fault): string {
  const { errorRate, hangRate, resetRate, latency } = fault.override
  const parts: string[] = []
  if (errorRate === 1) parts.push('outage')
  else if (errorRate !== undefined) parts.push(`error=${errorRate}`)
  if (hangRate !== undefined) parts.push(`hang=${hangRate}`)
  if (resetRate !== undefined) parts.push(`reset=${resetRate}`)
  if (latency) parts.push(`latency=${formatLatency(latency)}`)
  // The plan allows an entry that overrides nothing, so it must have a word too.
  if (parts.length === 0) parts.push('none')
  return `${parts.join(',')}@${formatDuration(fault.fromMs)}+${formatDuration(fault.forMs)}`
}

function formatLatency(latency: Latency): string {
  switch (latency.type) {
    case 'constant':
      return formatDuration(latency.ms)
    case 'uniform':
      return `${formatDuration(latency.minMs)}..${formatDuration(latency.maxMs)}`
    case 'exponential':
      return `exp:${formatDuration(latency.meanMs)}..${formatDuration(latency.maxMs)}`
  }
}

function badFault(text: string, why: string): EngineError {
  return new EngineError('ERR_PLAN', `fault "${text}": ${why}; allowed: ${FAULT_GRAMMAR}`)
}
