import { number, significant } from '../reporting/figures.js'
import type { Trend } from '../statistics/trend.js'
import type { Pace } from './pace.js'

/** Bytes as a person reads them; growth may be negative. */
export function bytesText(bytes: number): string {
  const size = Math.abs(bytes)
  if (size >= 2 ** 20) return `${number(bytes / 2 ** 20, 1)} MB`
  if (size >= 10_240) return `${number(bytes / 1024)} KB`
  if (size >= 1024) return `${number(bytes / 1024, 1)} KB`
  return `${significant(Math.round(bytes * 100) / 100)} B`
}

/** `1.2 KB/s (0.8 … 1.6)`: the slope, and where it lies with 99 % confidence. */
export function slopeText({ slope, slopeMin, slopeMax }: Trend): string {
  return `${bytesText(slope)}/s (${bytesText(slopeMin)} … ${bytesText(slopeMax)})`
}

export function hoursText(hours: number): string {
  if (hours < 1) return `${number(hours * 60, hours * 60 < 10 ? 1 : 0)} min`
  return hours < 48 ? `${number(hours, 1)} h` : `${number(hours / 24)} d`
}

/** A thread's verdict in a sentence. */
export function paceText({ thread, reason, trend, late, least, bytesPerCall, hoursToLimit, result }: Pace): string {
  const told = late ?? trend
  const parts = [`${thread} ${reason}`]
  if (told) parts.push(slopeText(told), `z ${number(told.z, 1)}`)
  if (told && result !== 'invalid') parts.push(`a leak from ${bytesText(least)}/s on`)
  if (bytesPerCall !== undefined && result !== 'unknown') parts.push(`${bytesText(bytesPerCall)} a call`)
  if (hoursToLimit !== undefined && result === 'invalid') parts.push(`its heap is full in ${hoursText(hoursToLimit)}`)
  return parts.join(', ')
}
