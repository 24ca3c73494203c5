import { type MessagePort, threadId } from 'node:worker_threads'
import { find } from '../../catalog.js'
import type { Downstream } from '../../downstream.js'
import { EngineError } from '../../engine.js'
import type { ErrorRecord, OverheadEvidence, ThreadStage } from '../../evidence.js'
import type { Plan } from '../../plan.js'
import { Baton, type BatonSide } from '../../profiler/baton.js'
import { Pauses } from '../../profiler/pauses.js'
import type { CircuitObservation } from '../../target.js'
import { monotonicClock } from '../../world/clock.js'
import { partSeed } from '../../world/seeded-random.js'
import { Arena, type ArenaShape } from '../arena.js'
import { answerControl } from '../control.js'
import { LoopWatch, TICK_EVERY_MS } from '../loop-watch.js'
import { SelfSampler } from '../soak/self-sampler.js'
import type { SpendingHandle } from '../spending/spending-memory.js'
import { Arrivals } from './arrivals.js'
import { blockingClosedLoad, closedLoad } from './closed.js'
import { blockingOpenLoad, openLoad } from './open.js'
import { measureOverhead } from './overhead.js'
import type { Purse } from './purse.js'
import { Session } from './session.js'
import { spendingLoad } from './spending-load.js'

/** What a worker is told: all of it survives structured clone. */
export interface LoadTask {
  readonly plan: Plan
  readonly buffer: SharedArrayBuffer
  readonly shape: ArenaShape
  /** Which of the concurrent workers this is; a successor keeps it. */
  readonly slot: number
  /** Which worker task this is: also the worker's name in the report. */
  readonly journal: number
  /** What the target's `prepare` gave. */
  readonly handle: unknown
  readonly address?: string
  /** Absent where calls cost nothing. */
  readonly spending?: SpendingHandle
  readonly control: MessagePort
  readonly baton?: BatonSide
}

export interface LoadAnswer {
  readonly circuit: CircuitObservation
  readonly lastErrors: readonly ErrorRecord[]
  /** How long this thread stood still to be looked at. */
  readonly pauseMs: number
  /** What this thread's event loop did. */
  readonly stages: readonly ThreadStage[]
  readonly overhead?: OverheadEvidence
  /** Of resources that are used up, as this worker's calls saw them. */
  readonly signs?: Readonly<Record<string, number>>
}

/** One worker's part of a run, from attaching to the last call that ends. */
export async function runLoad(task: LoadTask): Promise<LoadAnswer> {
  const { plan, slot } = task
  const pauses = new Pauses()
  answerControl(task.control, pauses)
  const arena = new Arena(task.buffer, task.shape)
  const journal = arena.journal(task.journal)
  const target = (await find('targets', plan.target)).attach(task.handle, plan.breaker)
  const downstream = await downstreamFor(task, arena)
  const purse = await purseFor(task, arena)
  journal.publishCircuit(target.state())
  journal.publishThread(threadId)
  arena.gate.reportReady()
  await opening(arena)

  const joinedMs = monotonicClock.nowMs()
  const session = new Session(plan, arena, slot, journal, target, downstream, pauses, samplerFor(task, arena, pauses))
  session.publish(joinedMs)
  const watch = new LoopWatch(joinedMs, plan.operation === 'async')
  const publishing = setInterval(() => {
    const nowMs = monotonicClock.nowMs()
    watch.tick(nowMs, arena.gate.stage())
    session.publish(nowMs)
  }, TICK_EVERY_MS)
  try {
    const isOpen = () => arena.gate.stage() < arena.shape.stages
    const baton = task.baton && new Baton(task.baton)
    const overhead = plan.overhead && (await measureOverhead(plan, plan.overhead, target, isOpen, baton))
    if (overhead) arena.gate.stop()
    let fromMs = task.journal === slot ? session.openedMs : joinedMs
    for (let restedMs = await session.nextLoad(); restedMs !== undefined; restedMs = await session.nextLoad()) {
      // What would have been due in a rest is not made up for.
      await load(session, task, arena, Math.max(fromMs, restedMs), purse)
      fromMs = monotonicClock.nowMs()
    }
    return {
      circuit: target.observe(),
      lastErrors: session.lastErrors(task.journal),
      pauseMs: pauses.totalMs,
      stages: watch.stages(),
      ...(overhead ? { overhead } : {}),
      ...(downstream.signs ? { signs: downstream.signs } : {}),
    }
  } finally {
    clearInterval(publishing)
    purse?.detach()
    target.detach()
    await downstream.close()
  }
}

/** Until the run rests, drains or goes on at another level. An open load begins with the first arrival that is due after `fromMs`. */
function load(
  session: Session,
  { plan, slot, shape }: LoadTask,
  { gate }: Arena,
  fromMs: number,
  purse?: Purse,
): Promise<void> {
  const isBlocking = plan.operation === 'blocking'
  if (plan.load.model === 'closed') {
    const clients = clientsOf(session.level, slot, shape.slots)
    if (purse) return spendingLoad(session, clients, purse)
    return isBlocking ? blockingClosedLoad(session, clients) : closedLoad(session, clients)
  }
  const arrivals = new Arrivals(plan, gate, slot, shape.slots, fromMs)
  return isBlocking ? blockingOpenLoad(session, arrivals) : openLoad(session, arrivals)
}

/** A worker's part of the clients of all; workers that come first have one more where they don't divide. */
export function clientsOf(level: number, slot: number, slots: number): number {
  return Math.floor(level / slots) + (slot < level % slots ? 1 : 0)
}

function samplerFor({ plan, journal }: LoadTask, arena: Arena, pauses: Pauses): SelfSampler | undefined {
  const log = arena.sampleLog(journal + 1)
  return plan.soak && new SelfSampler(plan, pauses, (sample) => log.write(sample))
}

/** A ledger is loaded only where calls cost money. */
async function purseFor(
  { plan, slot, journal: task, spending }: LoadTask,
  { gate }: Arena,
): Promise<Purse | undefined> {
  if (!plan.spending || !spending) return undefined
  const { Purse } = await import('./purse.js')
  return new Purse(plan.spending, spending, { slot, task, seed: plan.seed, gate })
}

/** The HTTP client is loaded only where it is used: it takes 8 MB of every thread. */
async function downstreamFor({ plan, slot, journal, address }: LoadTask, arena: Arena): Promise<Downstream> {
  const own = arena.journal(journal)
  const options = {
    situation: arena.gate,
    seed: partSeed(plan.seed, journal),
    onReceived: (stage: number) => own.countReceived(stage),
    address,
  }
  if (plan.downstream.kind === 'resources') {
    const { openResourceDownstream } = await import('../../exhaustion/resource-downstream.js')
    return openResourceDownstream(plan, { ...options, slot })
  }
  if (plan.downstream.kind === 'simulated') {
    const { SimulatedDownstream } = await import('../../downstream/simulated.js')
    return new SimulatedDownstream(plan, options)
  }
  const { openDownstream } = await import('../../downstream/open.js')
  return openDownstream(plan, options)
}

const OPENING_LIMIT_S = 300

/** Waits for the gate without a busy loop; the coordinator's own limit is shorter. */
async function opening({ gate, cells }: Arena): Promise<void> {
  for (let second = 0; second < OPENING_LIMIT_S; second += 1) {
    if (gate.stage() >= 0) return
    await cells.waitAsync(gate.positionCell, 0, 1000)
  }
  throw new EngineError('ERR_WORKER_START', `the gate did not open within ${OPENING_LIMIT_S} s`)
}
