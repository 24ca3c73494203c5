import { appendFile, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { EngineError } from '../engine.js'
import { changePoints } from '../statistics/change-points.js'
import { median } from '../statistics/ranks.js'
import type { Baseline } from './baseline.js'
import { metrics } from './metrics.js'

/** One line of the file: what the repeated runs of one plan came to at one time. */
const entrySchema = z.strictObject({
  savedAt: z.string(),
  busbar: z.string(),
  node: z.string(),
  cpuModel: z.string(),
  scenario: z.string(),
  target: z.string(),
  plan: z.string(),
  medians: z.record(z.string(), z.number()),
  calibrationMs: z.number(),
})

export type HistoryEntry = z.infer<typeof entrySchema>

/** A metric of one plan on one processor, over time. */
export interface Course {
  readonly scenario: string
  readonly target: string
  readonly metric: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly values: readonly number[]
  readonly changes: readonly Change[]
}

export interface Change {
  /** Of the first entry after it. */
  readonly savedAt: string
  readonly busbar: string
  /** Medians of the level before and of the one that began. */
  readonly before: number
  readonly after: number
}

/** Appends a line a plan; rejects with an `EngineError` if the file can't be written. */
export async function appendHistory(file: string, { savedAt, environment, runs }: Baseline): Promise<void> {
  const { busbar, node, cpuModel } = environment
  const lines = runs.map(({ scenario, target, plan, values, calibrationMs }) => {
    const medians = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, median(list)]))
    const where = { savedAt, busbar, node, cpuModel, scenario, target, plan }
    return `${JSON.stringify({ ...where, medians, calibrationMs: median(calibrationMs) } satisfies HistoryEntry)}\n`
  })
  try {
    await appendFile(file, lines.join(''))
  } catch (error) {
    throw new EngineError('ERR_REPORT_NOT_WRITTEN', `history ${file}: ${(error as Error).message}`)
  }
}

/** Rejects with an `EngineError` (`ERR_HISTORY`) that names the file and the line. */
export async function readHistory(file: string): Promise<HistoryEntry[]> {
  const refusal = (why: string) => new EngineError('ERR_HISTORY', `history ${file}: ${why}`)
  const text = await readFile(file, 'utf8').catch((error: Error) => Promise.reject(refusal(error.message)))
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const result = entrySchema.safeParse(parsed(line))
      if (result.success) return result.data
      const [issue] = result.error.issues
      throw refusal(`line ${number}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`)
    })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Every metric that a plan has throughout, with its changes; other processors are other courses. */
export function coursesOf(entries: readonly HistoryEntry[]): Course[] {
  const groups = new Map<string, HistoryEntry[]>()
  for (const entry of entries) {
    const key = `${entry.plan}\n${entry.cpuModel}`
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()].flatMap((same) =>
    metrics.flatMap((metric) => {
      const values = same.map(({ medians, calibrationMs }) => {
        const value = medians[metric.name]
        return value === undefined || !metric.scales ? value : value / calibrationMs
      })
      if (!values.every((value) => value !== undefined)) return []
      const { scenario, target } = same[0] as HistoryEntry
      const { name, unit, better, scales } = metric
      const told = scales ? 'of the reference workload' : unit
      return [{ scenario, target, metric: name, unit: told, better, values, changes: changesOf(values, same) }]
    }),
  )
}

function changesOf(values: readonly number[], entries: readonly HistoryEntry[]): Change[] {
  const points = changePoints(values)
  return points.map((point, index) => {
    const { savedAt, busbar } = entries[point] as HistoryEntry
    const before = median(values.slice(points[index - 1] ?? 0, point))
    return { savedAt, busbar, before, after: median(values.slice(point, points[index + 1])) }
  })
}
