import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { find, leakingNames } from '../catalog.js'
import type { VerdictResult } from '../checker.js'
import { EngineError } from '../engine.js'
import type { LeakingTarget } from '../leaking-target.js'
import type { SoakOptions } from '../plan.js'
import { worst } from '../report.js'
import { painter } from '../reporting/paint.js'
import { soakPlan } from '../soak/course.js'
import { proofResult, proofRow, proofText } from '../soak/proof.js'
import { run } from '../stress.js'
import { interruptible } from './interrupt.js'
import { type RunFlags, runOptions } from './options.js'
import { progressView } from './progress-view.js'
import { outputsOf, writeReports } from './reports.js'
import { writeResults } from './run.js'
import { runPlans } from './runs.js'

/** At this rate a leak of 40 bytes a call is 100 KB/s in each of two workers. */
const usual = { ratePerSecond: 5000, durationMs: 30_000 }

/**
 * Soaks every target that leaks on purpose, and those that only look like it, and tells whether each was judged as it
 * should be. Snapshots go to a folder of their own and are thrown away after each run, unless the user names one.
 */
export async function prove(flags: RunFlags, soak: SoakOptions, only = ''): Promise<VerdictResult> {
  const scenario = await find('scenarios', 'soak-leak')
  const targets = await leakingTargets(only)
  const keeps = soak.snapshotDirectory !== undefined
  const directory = soak.snapshotDirectory ?? (await mkdtemp(join(tmpdir(), 'busbar-soak-')))
  const options = { ...usual, ...runOptions(flags), soak: { ...soak, snapshotDirectory: directory } }
  const plans = targets.map(({ name }) => soakPlan(scenario, { ...options, target: name }))
  const outputs = flags.report === undefined ? [] : await outputsOf(flags.report, 'soak-proof')
  const carryOut: typeof run = async (plan, engineOptions) => {
    try {
      return await run(plan, engineOptions)
    } finally {
      if (!keeps) await rm(directory, { recursive: true, force: true })
    }
  }
  const view = progressView(process.stderr, process.env)
  const ran = await interruptible((signal) => runPlans(plans, view, signal, carryOut))
  const rows = ran.reports.flatMap((report) => {
    const target = targets.find(({ name }) => name === report.evidence.plan.target)
    return target ? [proofRow(target.name, target.guilt, report)] : []
  })
  const { stdout } = process
  if (rows.length > 0) {
    const paint = painter(stdout.isTTY === true && stdout.hasColors())
    await new Promise<void>((resolve) => {
      stdout.once('error', () => resolve())
      stdout.write(proofText(rows, paint, stdout.columns || 140), () => resolve())
    })
  }
  await writeResults(ran, () => writeReports(ran.reports, outputs, stdout))
  return rows.length < plans.length ? worst([proofResult(rows), 'unknown']) : proofResult(rows)
}

async function leakingTargets(only: string): Promise<LeakingTarget[]> {
  const names = (await leakingNames()).filter((name) => name.includes(only))
  if (names.length === 0) {
    const all = (await leakingNames()).join(', ')
    throw new EngineError('ERR_OPTION', `--only "${only}" names none of the targets; there are: ${all}`)
  }
  return Promise.all(names.map((name) => find('targets', name)))
}
