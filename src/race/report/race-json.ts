import type { RaceReport } from './race-report.js'

/** The report as JSON: numbers too large for one as texts, outcomes as an object from outcome to count. */
export function raceJson(report: RaceReport): string {
  const text = JSON.stringify(
    report,
    (_, value) => {
      if (typeof value === 'bigint') return String(value)
      return value instanceof Map ? Object.fromEntries(value) : value
    },
    2,
  )
  return `${text}\n`
}
