import type { z } from 'zod'
import { EngineError } from '../engine.js'
import { planFileSchema, type ReadPlanFile } from '../plan-file.js'
import type { PlanFileContent } from './read.js'

const FAULTS_TOLD = 10

/** Throws an `EngineError` (`ERR_PLAN_FILE`) that names the file and, of each fault, the field, its value and what is allowed. */
export function checkedPlanFile({ content, placeOf }: PlanFileContent): ReadPlanFile {
  const { success, data, error } = planFileSchema.safeParse(content, { reportInput: true })
  if (success) return data
  const faults = error.issues.flatMap((issue) => linesOf(issue, placeOf))
  const more = faults.length > FAULTS_TOLD ? [`… and ${faults.length - FAULTS_TOLD} more`] : []
  throw new EngineError('ERR_PLAN_FILE', [...faults.slice(0, FAULTS_TOLD), ...more].join('\n'))
}

/** `runs[0].marks.latencyMsP95Max` */
export function fieldText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the plan'
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index ? '.' : ''}${String(key)}`)).join('')
}

function linesOf(issue: z.core.$ZodIssue, placeOf: PlanFileContent['placeOf']): string[] {
  const { path, message } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const field = [...path, key]
      return `${placeOf(field)}: ${fieldText(field)} is not known; ${message}`
    })
  }
  // Of a union, what is told as the input is all of it, not the field that says which of the union's it is.
  const value = issue.code === 'invalid_union' ? '' : ` is ${shownValue(issue.input)}`
  return [`${placeOf(path)}: ${fieldText(path)}${value}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`]
}

const SHOWN_LENGTH = 60

function shownValue(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
