import type { Checker } from './checker.js'
import { EngineError } from './engine.js'
import type { Reporter } from './reporter.js'
import type { Scenario } from './scenario.js'
import type { Target } from './target.js'

/** The kinds of plug-ins, by the folders that Busbar's own are in. */
export interface PlugIns {
  targets: Target
  scenarios: Scenario
  checkers: Checker
  reporters: Reporter
}

export type Kind = keyof PlugIns

interface Field {
  readonly holds: (value: unknown) => boolean
  readonly allowed: string
}

const text: Field = { holds: (value) => typeof value === 'string' && value !== '', allowed: 'a text' }
const method: Field = { holds: (value) => typeof value === 'function', allowed: 'a function' }
const methodOrNone: Field = {
  holds: (value) => value === undefined || typeof value === 'function',
  allowed: 'a function, or none',
}
const names: Field = {
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(text.holds),
  allowed: 'a list of names or paths, the usual one first',
}
const views = ['shared', 'per-worker', 'none']
const view: Field = { holds: (value) => views.some((known) => known === value), allowed: views.join(', ') }

/** By hand and not by zod: every worker looks at its target, and would have zod in the memory that is measured. */
const fields: Readonly<Record<Kind, Readonly<Record<string, Field>>>> = {
  targets: { name: text, description: text, view, prepare: method, attach: method },
  scenarios: { name: text, description: text, targets: names, plan: method },
  checkers: { name: text, question: text, applies: methodOrNone, check: method },
  reporters: { name: text, description: text, extension: text, render: method },
}

/** A user's plug-in, looked at before anything runs. Throws an `EngineError` (`ERR_PLUG_IN`) with all that is wrong. */
export function checkedPlugIn<K extends Kind>(kind: K, value: unknown, file: string): PlugIns[K] {
  const noun = kind.slice(0, -1)
  if (typeof value !== 'object' || value === null) {
    throw new EngineError('ERR_PLUG_IN', `${file}: the default export ${said(value)}; allowed: a ${noun}`)
  }
  const faults = Object.entries(fields[kind]).flatMap(([field, { holds, allowed }]) => {
    const found: unknown = Reflect.get(value, field)
    return holds(found) ? [] : [`${field} ${said(found)}; allowed: ${allowed}`]
  })
  if (faults.length > 0) {
    throw new EngineError('ERR_PLUG_IN', `${file}: the default export is no ${noun}: ${faults.join('. ')}`)
  }
  return value as PlugIns[K]
}

function said(value: unknown): string {
  if (value === undefined) return 'is missing'
  return typeof value === 'function' ? 'is a function' : `is ${JSON.stringify(value)}`
}
