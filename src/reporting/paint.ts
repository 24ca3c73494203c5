import { styleText } from 'node:util'
import type { VerdictResult } from '../checker.js'

type Style = Parameters<typeof styleText>[0]
export type Paint = (style: Style, text: string) => string

/** Whether there is colour is the caller's word; what this process's own terminal can do is not asked. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text
}

const looks = {
  valid: { style: 'green', sign: '✓' },
  invalid: { style: 'red', sign: '✗' },
  unknown: { style: 'yellow', sign: '?' },
} as const

export function verdictWord(result: VerdictResult, paint: Paint): string {
  return paint(['bold', looks[result].style], result.toUpperCase())
}

export function verdictSign(result: VerdictResult, paint: Paint): string {
  return paint(looks[result].style, looks[result].sign)
}
