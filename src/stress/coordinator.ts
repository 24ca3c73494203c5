import { setTimeout as sleep } from 'node:timers/promises'
import { find } from '../catalog.js'
import { type DownstreamServer, startDownstreamServer } from '../downstream/server.js'
import type { Situation } from '../downstream.js'
import { type Engine, EngineError, type EngineOptions } from '../engine.js'
import type { Evidence } from '../evidence.js'
import type { Resources } from '../exhaustion/resources.js'
import { caseFacts } from '../exhaustion.js'
import { firstMeasured, type Plan, planSchema } from '../plan.js'
import { Baton } from '../profiler/baton.js'
import type { SpendingPlan } from '../spending.js'
import { inFlightMax } from '../stage-load.js'
import type { PreparedTarget, Target } from '../target.js'
import { wallTimeText } from '../world/clock.js'
import { partSeed } from '../world/seeded-random.js'
import { Arena } from './arena.js'
import {
  downstreamEvidence,
  environment,
  lastErrors,
  overheadEvidence,
  signs,
  stageEvidence,
  threadEvidence,
  workerEvidence,
} from './assembling.js'
import { circuitEvidence } from './circuits.js'
import { Crew } from './crew.js'
import { Overseer } from './overseer.js'
import { Profiling } from './profiling/profiling.js'
import type { Rest } from './rests.js'
import { samplesMax } from './soak/self-sampler.js'
import { Soaking } from './soak/soaking.js'
import type { Spending } from './spending/spending.js'

const workerEntry = new URL('../../workers/load.js', import.meta.url)
const SERVER_SEED_PART = 1_000_001
/** What a breaker that tells its transitions by events needs to tell the last of them. */
const LAST_EVENTS_MS = 50
/** Of workers whose heaps are filled; each takes a tenth of a second to start. */
const DEATHS_MAX = 1000

/** The engine over real threads of this process. `workerFile` is for tests of workers that misbehave. */
export function createStressEngine(workerFile: URL = workerEntry): Engine {
  return { name: 'stress', run: async (plan, options = {}) => run(checked(plan), options, workerFile) }
}

const inThisProcess = createStressEngine()

/** What uses resources up is carried out by other processes, so that this one lives to report it. */
export const stressEngine: Engine = {
  name: 'stress',
  async run(plan, options = {}) {
    if (!plan.exhaustion) return inThisProcess.run(plan, options)
    const { runContained } = await import('./contained/contained-run.js')
    return runContained(checked(plan), options)
  },
}

function checked(plan: Plan): Plan {
  const result = planSchema.safeParse(plan)
  if (result.success) return plan
  const [issue] = result.error.issues
  throw new EngineError('ERR_PLAN', `plan.${issue?.path.join('.')}: ${issue?.message}`)
}

/** Everything that a run opens, so that it is closed however the run ends. */
interface Opened {
  readonly arena: Arena
  readonly profiling: Profiling
  prepared?: PreparedTarget
  server?: DownstreamServer
  spending?: Spending
  resources?: Resources
  crew?: Crew
}

async function run(plan: Plan, options: EngineOptions, workerFile: URL): Promise<Evidence> {
  const target = await find('targets', plan.target)
  const slots = plan.load.model === 'closed' ? Math.min(plan.workers, inFlightMax(plan)) : plan.workers
  const dying = plan.exhaustion?.cases.some((used) => caseFacts[used].killsWorkers)
  const journals = slots + plan.kills + (dying ? DEATHS_MAX : 0)
  const arena = Arena.allocate({ stages: plan.stages.length, slots, journals, samples: samplesMax(plan) })
  const opened: Opened = { arena, profiling: new Profiling(plan, options.onNote) }
  try {
    return await carryOut(plan, target, options, workerFile, opened)
  } finally {
    arena.gate.close()
    await opened.profiling.stop()
    await opened.crew?.disband()
    await opened.server?.close()
    opened.spending?.close()
    await opened.resources?.close()
    opened.prepared?.close()
    // Whatever became of this run, the other one waits for it no more.
    if (options.baton) new Baton(options.baton).leave()
  }
}

async function carryOut(
  plan: Plan,
  target: Target,
  options: EngineOptions,
  workerFile: URL,
  opened: Opened,
): Promise<Evidence> {
  const { arena, profiling } = opened
  const { gate } = arena
  gate.initialize(firstMeasured(plan))
  const prepared = target.prepare(plan.breaker, arena.shape.slots)
  opened.prepared = prepared
  if (plan.downstream.kind === 'http') {
    const { buffer, gateCell, receivedCell } = arena
    const memory = { buffer, gateCell, receivedCell, stageCount: plan.stages.length }
    opened.server = await startDownstreamServer(plan, partSeed(plan.seed, SERVER_SEED_PART), memory)
  }
  const address = opened.server?.address
  const spending = plan.spending && (await openSpending(plan, plan.spending, arena))
  if (spending) opened.spending = spending
  const resources = plan.exhaustion && (await openResources(plan, gate))
  if (resources) opened.resources = resources
  const where = address ?? resources?.address
  const crew = new Crew({
    plan,
    arena,
    workerFile,
    handle: prepared.handle,
    ...(where === undefined ? {} : { address: where }),
    ...(options.baton ? { baton: options.baton } : {}),
    ...(spending ? { spending: spending.handle } : {}),
    ...(resources?.workerHeap ? { workerHeap: resources.workerHeap } : {}),
  })
  opened.crew = crew
  await crew.start(options.signal)
  await profiling.start(crew.members)

  const startedAt = wallTimeText()
  gate.open()
  spending?.watch()
  const soaking = plan.soak && new Soaking(plan, plan.soak, arena, crew, profiling, options.onNote)
  const visit = async (rest: Rest) => {
    await profiling.visit(rest, crew.members)
    await soaking?.visit(rest)
  }
  const overseer = new Overseer(plan, target, arena, crew, options, visit, soaking)
  await overseer.watch()
  gate.close()
  await profiling.stop()
  await crew.disband()
  await sleep(LAST_EVENTS_MS)

  const openedMs = gate.startMs(0) ?? 0
  const { members } = crew
  const pauses = profiling.pauses(members)
  return {
    plan,
    environment: environment(),
    startedAt,
    durationMs: (gate.startMs(gate.stages + 1) ?? openedMs) - openedMs,
    interrupted: overseer.interrupted,
    stages: stageEvidence(plan, arena, members),
    workers: workerEvidence(members),
    threads: threadEvidence(overseer.watchedStages, members),
    circuits: circuitEvidence(target, prepared, members, openedMs),
    downstream: downstreamEvidence(plan, arena, members, address),
    memory: overseer.sampler.memoryEvidence(),
    throughput: overseer.sampler.throughput,
    ...overheadEvidence(members),
    ...(soaking ? { soak: await soaking.evidence() } : {}),
    ...(spending ? { spending: spending.evidence(members) } : {}),
    ...(resources ? { exhaustion: { cases: [await resources.evidence(signs(members))] } } : {}),
    lastErrors: lastErrors(members),
    profiles: profiling.files,
    ...(pauses.length === 0 ? {} : { pauses }),
    notes: [...overseer.notes(), ...serverNotes(opened.server), ...profiling.notes, ...(soaking?.notes ?? [])],
  }
}

/** Loaded where calls cost money, and nowhere else. */
async function openSpending(plan: Plan, money: SpendingPlan, arena: Arena): Promise<Spending> {
  return (await import('./spending/spending.js')).Spending.open(plan, money, arena)
}

/** Loaded where something is to be used up, and nowhere else. */
async function openResources(plan: Plan, situation: Situation): Promise<Resources> {
  return (await import('../exhaustion/resources.js')).Resources.open(plan, situation)
}

function serverNotes(server: DownstreamServer | undefined): string[] {
  return server?.failure ? [`the downstream's server ended during the run: ${server.failure.message}`] : []
}
