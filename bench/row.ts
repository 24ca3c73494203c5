/** What one row must show. */
export type Mark = { readonly atMost: number } | { readonly atLeast: number }

/** A mark that can't be judged is `unknown`, and that is never a pass; `reported` has no mark. */
export type Answer = 'yes' | 'no' | 'unknown' | 'reported'

/** `×` is a ratio. */
export type Unit = 'ns' | 'µs' | 'bytes' | 'M calls/s' | '×'

/** One thing that was measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: Unit
}

export interface Row {
  /** What the row says something about. */
  readonly title: string
  readonly figures: readonly Figure[]
  /** How the result comes from the figures: `overhead ÷ floor`. */
  readonly reading: string
  readonly result: number
  readonly unit: Unit
  /** Without it the row only reports. */
  readonly wanted?: Mark
  readonly reached: Answer
  /** Why there is no result. */
  readonly failure?: string
}

export function row(given: Omit<Row, 'reached' | 'failure'>): Row {
  return { ...given, reached: judge(given.result, given.wanted) }
}

/** A row for a measure that came to no result. */
export function failedRow(title: string, failure: string): Row {
  return { title, figures: [], reading: '', result: Number.NaN, unit: '×', reached: 'unknown', failure }
}

export function judge(result: number, wanted: Mark | undefined): Answer {
  if (!Number.isFinite(result)) return 'unknown'
  if (wanted === undefined) return 'reported'
  return ('atMost' in wanted ? result <= wanted.atMost : result >= wanted.atLeast) ? 'yes' : 'no'
}

/**
 * A ratio of two times. A divisor that isn't above nothing is a loop that was timed wrongly: the answer is no number, and
 * the row `unknown`. A dividend below nothing is noise around a cost that can't be told from none.
 */
export function ratio(dividend: number, divisor: number): number {
  return divisor > 0 ? Math.max(0, dividend) / divisor : Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Of the same rows from several processes, of each the one in the middle; one that has no result decides. */
export function middleRows(runs: readonly (readonly Row[])[]): readonly Row[] {
  const failed = runs.find((rows) => rows.some(({ reached }) => reached === 'unknown'))
  if (failed) return failed
  const [first = [], ...others] = runs
  return first.map((row) => {
    const same = [row, ...others.flatMap((rows) => rows.filter(({ title }) => title === row.title))]
    return same.toSorted((a, b) => a.result - b.result)[same.length >> 1] ?? row
  })
}
