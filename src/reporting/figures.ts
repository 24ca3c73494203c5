/** How figures are written, for people: reporters and the sentences of checkers use the same. */

const formats = new Map<number, Intl.NumberFormat>()

/** `1,234.5`; with at most `decimals` decimals. */
export function number(value: number, decimals = 0): string {
  let format = formats.get(decimals)
  if (!format) {
    format = new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals })
    formats.set(decimals, format)
  }
  return format.format(value)
}

/** `1 call`, `1,200 calls`. */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Three significant digits, which is as fine as the histograms are: `0.0123`, `1.23`, `123`, `1,230`. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return number(value)
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return number(value, Math.min(decimals, 6))
}

/** A share as a percentage: `99.5 %`; all and none are said only when they are meant. */
export function percent(share: number): string {
  const rounded = number(share * 100, 2)
  if (share < 1 && rounded === '100') return '> 99.99 %'
  return `${rounded} %`
}

/** A time span as a person says it: `0.52 ms`, `340 ms`, `2.35 s`. */
export function span(durationMs: number): string {
  return durationMs < 1000 ? `${significant(durationMs)} ms` : `${number(durationMs / 1000, 2)} s`
}

export function megabytes(value: number): string {
  return `${number(value, 1)} MB`
}
