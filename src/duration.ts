import { EngineError } from './engine.js'

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const durationMsMax = 86_400_000

/**
 * Milliseconds of a duration such as `500ms`, `10s`, `1.5m` or `1h`; `field` names it in the error. A number needs its
 * unit: `--duration 10` could mean either of two things that are a factor of a thousand apart.
 */
export function parseDuration(text: string, field: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(ms|s|m|h)$/.exec(text.trim())
  const durationMs = Number(match?.[1]) * (unitsMs[match?.[2] ?? ''] ?? Number.NaN)
  if (!(durationMs <= durationMsMax)) {
    throw new EngineError('ERR_PLAN', `${field}: "${text}" is no duration; write 500ms, 10s, 2m or 1h, at most 24h`)
  }
  return durationMs
}

/** A duration that `parseDuration` reads back exactly; what rounds for the eye (the `ms` package does) would not. */
export function formatDuration(durationMs: number): string {
  return durationMs >= 1000 && Number.isInteger(durationMs / 1000) ? `${durationMs / 1000}s` : `${durationMs}ms`
}
