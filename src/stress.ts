import type { EngineOptions } from './engine.js'
import { judge } from './judge.js'
import type { Plan } from './plan.js'
import type { Report } from './report.js'
import { stressEngine } from './stress/coordinator.js'

/**
 * The engine's face: runs a plan on real threads and says, with evidence, whether the breaker held.
 *
 *     import { find, run } from 'busbar/stress'
 *     const scenario = await find('scenarios', 'extreme-load-async')
 *     const report = await run(scenario.plan({ target: 'shared', workers: 2 }))
 *     console.log(report.result, report.verdicts)
 *
 * Rejects with an `EngineError` if the plan could not be carried out; a report is always an answer about the target.
 */
export async function run(plan: Plan, options: EngineOptions = {}): Promise<Report> {
  return judge(await stressEngine.run(plan, options))
}

export { find, names } from './catalog.js'
export type { Checker, Judgement, Verdict, VerdictResult } from './checker.js'
export type { Downstream, DownstreamRequest, Situation } from './downstream.js'
export { type Engine, EngineError, type EngineOptions, type Progress } from './engine.js'
export type {
  CircuitEvidence,
  DownstreamEvidence,
  Environment,
  ErrorRecord,
  Evidence,
  LatencySummary,
  MemoryEvidence,
  MemorySample,
  Outcomes,
  OverheadEvidence,
  PauseEvidence,
  ProbeRecord,
  StageEvidence,
  ThreadEvidence,
  ThreadStage,
  ThroughputSample,
  TransitionRecord,
  WorkerEvidence,
} from './evidence.js'
export type {
  CaseEvidence,
  CaseName,
  DescriptorEvidence,
  ExhaustionEvidence,
  LeftBehind,
  ProcessEvidence,
} from './exhaustion.js'
export { ExploreError, NotDeterministicError } from './explore/errors.js'
export { type Exploration, explore } from './explore/explore.js'
export type { Failure, FailureKind } from './explore/judging/failure.js'
export type { ExploreBudget, ExploreOptions, StrategyName } from './explore/options.js'
export type { Body, Call, Factory, Program, ThreadWorld } from './explore/program.js'
export { type History, HistoryError, type Operation } from './history/history.js'
export { checkLinearizable, type Linearizability, type LinearizabilityOptions } from './history/linearizability.js'
export { OneOf, oneOf, type Specification } from './history/specification.js'
export { judge } from './judge.js'
export type { Cells, WaitResult } from './memory/cells.js'
export {
  type Behaviour,
  type BreakerPlan,
  type DownstreamPlan,
  type Fault,
  type Latency,
  type Load,
  type Marks,
  type Plan,
  type ProfileKind,
  planSchema,
  type RunOptions,
  type Stage,
  type StageRole,
} from './plan.js'
export { type PlanFileFlags, type PlansOfFile, plansOfFile } from './plan-file/plans.js'
export { type PlanFile, planFileSchema } from './plan-file.js'
export { type PlanDefaults, type PlanParts, planOf, steadyLimits } from './plan-options.js'
export type { Kind } from './plug-in.js'
export { type ClusterFacts, ownerByScript } from './profiler/heap/clusters.js'
export { type CompareOptions, compareSnapshots, type SnapshotFiles } from './profiler/heap/compare-snapshots.js'
export { type GrowthCluster, type HeapGrowth, heapGrowthSchema, type Owner } from './profiler/heap/growth.js'
export { SnapshotError } from './profiler/snapshot/snapshot-error.js'
export { type RaceOptions, type RaceProgress, race } from './race/race.js'
export type { RaceReport } from './race/report/race-report.js'
export type { Report } from './report.js'
export type { RenderOptions, Reporter } from './reporter.js'
export type { Scenario } from './scenario.js'
export { stressEngine } from './stress/coordinator.js'
export {
  type AttachedTarget,
  type CircuitObservation,
  monotonicClock,
  Outcome,
  type PreparedTarget,
  type Target,
} from './target.js'
