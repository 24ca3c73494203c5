import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { EngineError } from '../engine.js'
import type { Environment } from '../evidence.js'
import type { Plan } from '../plan.js'
import type { Report } from '../report.js'
import { CALIBRATION_VERSION } from './calibration.js'
import { metrics } from './metrics.js'

/** What is kept of repeated runs, to hold later ones against. */
export const environmentSchema = z.strictObject({
  node: z.string(),
  busbar: z.string(),
  platform: z.string(),
  cpuModel: z.string(),
  cores: z.number(),
  memoryMb: z.number(),
})

const runsSchema = z.strictObject({
  scenario: z.string(),
  target: z.string(),
  /** Plans are compared as they stand: other loads give other figures. */
  plan: z.string(),
  /** By metric, one value a run; metrics that a plan has nothing of are absent. */
  values: z.record(z.string(), z.array(z.number())),
  /** Of the reference workload, right before each run. */
  calibrationMs: z.array(z.number().positive()),
})

const baselineSchema = z.strictObject({
  baselineVersion: z.literal(1),
  calibrationVersion: z.number(),
  savedAt: z.string(),
  environment: environmentSchema,
  runs: z.array(runsSchema),
})

export type Runs = z.infer<typeof runsSchema>
export type Baseline = z.infer<typeof baselineSchema>

/** One run and what the machine gave right before it. */
export interface Calibrated {
  readonly report: Report
  readonly calibrationMs: number
}

/** Runs of the same plan together, in the order in which their first ones came. A run that was cut short is left out. */
export function baselineOf(calibrated: readonly Calibrated[], environment: Environment, savedAt: string): Baseline {
  const groups = new Map<string, Calibrated[]>()
  for (const run of calibrated) {
    const key = planKey(run.report.evidence.plan)
    if (!run.report.evidence.interrupted) groups.set(key, [...(groups.get(key) ?? []), run])
  }
  const runs = [...groups].map(([plan, same]): Runs => {
    const { scenario, target } = (same[0] as Calibrated).report.evidence.plan
    const values: Record<string, number[]> = {}
    for (const { name, of } of metrics) {
      const read = same.map(({ report }) => of(report))
      if (read.every((value) => value !== undefined)) values[name] = read
    }
    return { scenario, target, plan, values, calibrationMs: same.map(({ calibrationMs }) => calibrationMs) }
  })
  return { baselineVersion: 1, calibrationVersion: CALIBRATION_VERSION, savedAt, environment, runs }
}

/** What of a plan decides over its figures: not where it writes what, nor what it must reach, nor the seed. */
export function planKey(plan: Plan): string {
  const {
    marks: _marks,
    checkers: _checkers,
    profile: _profile,
    seed: _seed,
    name: _name,
    command: _command,
    ...rest
  } = plan
  return JSON.stringify(rest)
}

export async function saveBaseline(file: string, baseline: Baseline): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(baseline, null, 1)}\n`)
  } catch (error) {
    throw new EngineError('ERR_REPORT_NOT_WRITTEN', `baseline ${file}: ${(error as Error).message}`)
  }
}

/** Rejects with an `EngineError` (`ERR_BASELINE`) that names the file, and the field if it is one that is wrong. */
export async function readBaseline(file: string): Promise<Baseline> {
  let data: unknown
  try {
    data = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new EngineError('ERR_BASELINE', `baseline ${file}: ${(error as Error).message}`)
  }
  const result = baselineSchema.safeParse(data)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new EngineError('ERR_BASELINE', `baseline ${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}
