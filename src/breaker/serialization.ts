import type { Cells } from '../memory/cells.js'
import { type Clock, wallTimeMs } from '../world/clock.js'
import { LeaseOutcome, Leases } from './admission/leases.js'
import type { Circuit } from './circuit.js'
import { ConfigurationError } from './errors.js'
import { type CircuitState, ControlWords, State, stateCode, stateOf, states, watched } from './life/control-word.js'
import { Reason } from './life/transition-log.js'
import type { Configuration } from './options.js'
import { oneOf, type ResolvedOptions, resolveOptions } from './resolve-options.js'
import { takeSnapshot } from './snapshot.js'
import type { MemoryMap } from './storage/memory-map.js'
import { initializeRegion } from './storage/region.js'
import { type CallCounts, Counter, Counters } from './threads/counters.js'
import { recordCall, type WindowContent, type WindowMeasure } from './window.js'
import { createWindow } from './windows/create.js'

/**
 * A whole circuit as plain data, for JSON: what a process writes when it ends and the next one begins with. Times are wall
 * times, as nothing else is common to two processes; a wall clock that is set meanwhile moves the deadlines with it.
 *
 * What is not in it: permissions (the calls ended with the process), events, which thread counted what.
 */
export interface SerializedBreaker {
  readonly format: 1
  readonly name: string
  readonly maxThreads: number
  readonly eventCapacity: number
  readonly configuration: Configuration
  readonly state: CircuitState
  readonly epoch: number
  readonly attempt: number
  /** Milliseconds since 1970. */
  readonly sinceMs: number
  readonly retryAtMs: number
  /** What the window holds, each with when it was. */
  readonly window: readonly (WindowMeasure & { readonly atMs: number })[]
  /** What the probes of a half-open circuit came to. */
  readonly probes: WindowMeasure
  readonly total: CallCounts
}

export function serializeBreaker(cells: Cells, map: MemoryMap, circuit: Circuit, clock: Clock): SerializedBreaker {
  const toWall = wallTimeMs() - clock.nowMs()
  for (;;) {
    const { configuration, state, epoch, attempt, total } = takeSnapshot(cells, map, circuit)
    const { life } = circuit.lifecycle.log.current()
    const contents = circuit.windowOf(life.life, configuration).contents(life.life)
    const permitted = configuration.permittedNumberOfCallsInHalfOpenState
    const { calls, failures, slow } = new Leases(cells, map, circuit.words, 0).count(life.life, permitted)
    // Ends: another life means that the circuit has moved on; what was in the window and in the leases may be gone by then.
    if (circuit.words.sequenceOf(cells.load(map.control)) !== epoch) continue
    return {
      format: 1,
      name: circuit.name,
      maxThreads: map.sizes.slots,
      eventCapacity: map.sizes.events,
      configuration,
      state,
      epoch,
      attempt,
      sinceMs: life.beganMs + toWall,
      retryAtMs: life.retryAtMs + toWall,
      window: contents.map(({ ageMs, ...content }) => ({ ...content, atMs: wallTimeMs() - ageMs })),
      probes: stateOf(life.life) === State.halfOpen ? { calls, failures, slow } : { calls: 0, failures: 0, slow: 0 },
      total,
    }
  }
}

/** Checks what `serializeBreaker` made, as it may come from a file. Throws a `ConfigurationError`. */
export function resolveSerialized(saved: SerializedBreaker): ResolvedOptions {
  if (saved?.format !== 1) throw new ConfigurationError('format', saved?.format, '1')
  const { name, maxThreads, eventCapacity, configuration, state, window } = saved
  for (const field of ['maxThreads', 'eventCapacity', 'epoch', 'attempt', 'sinceMs', 'retryAtMs'] as const) {
    if (!Number.isFinite(saved[field])) throw new ConfigurationError(field, saved[field], 'a finite number')
  }
  // What has a default elsewhere has none here: it would be another circuit.
  if (!configuration?.slidingWindow) throw new ConfigurationError('configuration', configuration, 'that of a breaker')
  if (!Array.isArray(window)) throw new ConfigurationError('window', window, 'a list')
  window.forEach((content, index) => {
    const field = `window[${index}]`
    if (!Number.isFinite(content?.atMs)) throw new ConfigurationError(`${field}.atMs`, content?.atMs, 'a finite number')
    checkMeasure(field, content)
  })
  checkMeasure('probes', saved.probes)
  for (const counter of Object.keys(Counter) as (keyof CallCounts)[])
    checkCount(`total.${counter}`, saved.total?.[counter])
  return resolveOptions({
    ...configuration,
    name,
    maxThreads,
    eventCapacity,
    initialState: oneOf('state', state, states),
  })
}

function checkMeasure(field: string, measure: WindowMeasure | undefined): void {
  checkCount(`${field}.calls`, measure?.calls)
  checkCount(`${field}.failures`, measure?.failures, measure?.calls)
  checkCount(`${field}.slow`, measure?.slow, measure?.calls)
}

function checkCount(field: string, count: unknown, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(count) && (count as number) >= 0 && (count as number) <= most) return
  throw new ConfigurationError(field, count, `a whole number from 0 to ${most}`)
}

/**
 * Fills new memory with a saved circuit. The window is recorded anew, each call at its time, so that nothing here knows how
 * windows keep what they hold; a bucket of time is placed to within half of its length.
 */
export function restoreRegion(cells: Cells, map: MemoryMap, saved: SerializedBreaker, clock: Clock): void {
  const toOwn = clock.nowMs() - wallTimeMs()
  const { configuration } = resolveSerialized(saved)
  const words = new ControlWords(map.sizes.slots)
  const state = stateCode(saved.state)
  initializeRegion(cells, map, configuration, {
    state,
    sequence: saved.epoch,
    reason: Reason.restored,
    beganMs: saved.sinceMs + toOwn,
    retryAtMs: saved.retryAtMs + toOwn,
    attempt: saved.attempt,
  })
  const life = cells.load(map.control)
  // What the window holds may be failures: successes must look.
  if (state === State.closed) cells.store(map.control, watched(life))
  const counters = new Counters(cells, map.counters(0))
  const past = { nowMs: () => 0 }
  const window = createWindow({ cells, map, words, counters, slot: 0, clock: past, configuration })
  for (const { atMs, ...content } of saved.window) {
    past.nowMs = () => atMs + toOwn
    for (const call of callsOf({ ...content, ageMs: 0 })) recordCall(window, life, call)
  }
  if (state === State.halfOpen) restoreProbes(new Leases(cells, map, words, 0), life, configuration, saved.probes)
  restoreTotals(counters, saved.total)
}

/** The calls of a content, failed and slow ones as many as it says. */
function* callsOf({ calls, failures, slow }: WindowContent) {
  for (let call = 0; call < calls; call++) {
    // Slow ones from the other end, so that as few as possible are both, unless all are.
    yield { failed: call < failures, slow: call >= calls - slow, watched: true }
  }
}

function restoreProbes(leases: Leases, life: number, configuration: Configuration, probes: WindowMeasure): void {
  const permitted = configuration.permittedNumberOfCallsInHalfOpenState
  for (const { failed, slow } of callsOf({ ...probes, ageMs: 0 })) {
    const claim = leases.claim(life, permitted, Number.MAX_SAFE_INTEGER / 1e6)
    const slowOutcome = failed ? LeaseOutcome.slowFailure : LeaseOutcome.slowSuccess
    const outcome = failed ? LeaseOutcome.failure : LeaseOutcome.success
    leases.report(leases.claimedIndex, claim, slow ? slowOutcome : outcome)
  }
}

/** What the window's calls have not counted yet. */
function restoreTotals(counters: Counters, total: CallCounts): void {
  for (const [name, counter] of Object.entries(Counter) as [keyof CallCounts, Counter][]) {
    counters.raiseTo(counter, total[name])
  }
}
