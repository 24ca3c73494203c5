import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineOptions } from '../../engine.js'
import type { Evidence } from '../../evidence.js'
import { caseOf } from '../../exhaustion/case-of.js'
import type { CaseEvidence, CaseName } from '../../exhaustion.js'
import type { Plan } from '../../plan.js'
import { wallTimeText } from '../../world/clock.js'
import { type CaseEnd, runCase } from './case-child.js'
import { joined, type RanCase } from './joining.js'

/** V8's own word for it, whichever kind of its limits was reached. */
const OUT_OF_MEMORY = /out of memory|Allocation failed/i

/**
 * Carries out a plan that uses resources up: case after case, each in a process of its own, with a folder of its own that is gone
 * in the end. What runs out is that process's; this one waits, within limits, and puts together what is told.
 */
export async function runContained(plan: Plan, options: EngineOptions): Promise<Evidence> {
  const startedAt = wallTimeText()
  const cases: RanCase[] = []
  for (const name of plan.exhaustion?.cases ?? []) {
    cases.push(await ranCase(plan, name, elapsedMs(cases), options))
  }
  return joined(plan, cases, startedAt, options.signal?.aborted === true)
}

async function ranCase(plan: Plan, name: CaseName, sinceMs: number, options: EngineOptions): Promise<RanCase> {
  const { signal, onProgress } = options
  if (signal?.aborted) return { told: { case: name, signs: {}, skipped: 'interrupted before it began' } }
  const used = await caseOf(name)
  const missing = used.missing()
  if (missing !== undefined) return { told: { case: name, signs: {}, skipped: missing } }
  const stageOffset = plan.stages.findIndex((stage) => stage.case === name)
  const laterMs = plan.stages.slice(stageOffset).reduce((sum, stage) => {
    return sum + (stage.case === name ? 0 : stage.durationMs)
  }, 0)
  return withFolder(async (folder) => {
    const end = await runCase(casePlan(plan, name), used, {
      folder,
      ...(signal ? { signal } : {}),
      onProgress: (progress) =>
        onProgress?.({
          ...progress,
          stageIndex: progress.stageIndex + stageOffset,
          elapsedMs: progress.elapsedMs + sinceMs,
          remainingMsMax: progress.remainingMsMax + laterMs,
        }),
    })
    return { told: toldOf(name, end), ...(end.evidence ? { evidence: end.evidence } : {}) }
  })
}

/** The plan of one case alone, as its process is told it. */
export function casePlan(plan: Plan, name: CaseName): Plan {
  return {
    ...plan,
    exhaustion: { cases: [name] },
    stages: plan.stages.filter((stage) => stage.case === name),
    kills: name === 'worker-killed' ? plan.kills : 0,
  }
}

/** What the process told of its case, and how it ended; of one that could tell nothing, what its last words say. */
function toldOf(name: CaseName, { process, evidence, words }: CaseEnd): CaseEvidence {
  const [told] = evidence?.exhaustion?.cases ?? []
  const signs: Record<string, number> =
    process.end === 'ended' && OUT_OF_MEMORY.test(words) ? { 'out of memory': 1 } : {}
  return { case: name, signs, ...told, process }
}

async function withFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), `busbar-case-${process.pid}-`))
  // The second Ctrl-C ends this process at once.
  const removeNow = () => rmSync(folder, { recursive: true, force: true })
  process.on('exit', removeNow)
  try {
    return await act(folder)
  } finally {
    process.off('exit', removeNow)
    await rm(folder, { recursive: true, force: true })
  }
}

function elapsedMs(cases: readonly RanCase[]): number {
  return cases.reduce((sum, { evidence }) => sum + (evidence?.durationMs ?? 0), 0)
}
