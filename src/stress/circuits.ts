import type { CircuitEvidence, ProbeRecord, TransitionRecord } from '../evidence.js'
import type { CircuitObservation, PreparedTarget, Target } from '../target.js'
import type { Member } from './crew.js'

/** What the circuits did, from whoever can tell: the shared breaker itself, or each worker of its own. */
export function circuitEvidence(
  target: Target,
  prepared: PreparedTarget,
  members: readonly Member[],
  openedMs: number,
): CircuitEvidence[] {
  if (target.view === 'none') return []
  if (target.view === 'shared') {
    const observation = prepared.observe?.()
    if (!observation) return []
    const probes = sharedProbes(observation, members)
    return [{ ...withoutProbes(observation, openedMs), view: 'shared', ...(probes ? { probes } : {}) }]
  }
  return members.flatMap((member) => {
    const observation = member.answer?.circuit
    if (!observation) return []
    const probes = observation.probes?.map((probe) => ({ ...probe, worker: member.worker, lost: 0 }))
    return [{ ...withoutProbes(observation, openedMs), view: member.worker, ...(probes ? { probes } : {}) }]
  })
}

/**
 * Probes of a shared circuit: each worker tells its own. Where the breaker also keeps a sum of each epoch, what it has
 * beyond what the survivors tell was given to workers that were killed; the first of them stands for all.
 */
function sharedProbes(observation: CircuitObservation, members: readonly Member[]): ProbeRecord[] | undefined {
  const told: ProbeRecord[] = members.flatMap((member) =>
    (member.answer?.circuit.probes ?? []).map((probe) => ({ ...probe, worker: member.worker, lost: 0 })),
  )
  const killed = members.find((member) => member.end !== 'finished')?.worker
  if (!observation.probes) {
    return members.some((member) => member.answer?.circuit.probes) ? told : undefined
  }
  const dead = observation.probes.flatMap((total) => {
    const known = told.filter((probe) => probe.epoch === total.epoch)
    const admitted = total.admitted - known.reduce((sum, probe) => sum + probe.admitted, 0)
    const returned = total.returned - known.reduce((sum, probe) => sum + probe.returned, 0)
    if (admitted <= 0 || killed === undefined) return []
    return [{ epoch: total.epoch, worker: killed, admitted, returned: Math.max(0, returned), lost: admitted }]
  })
  return [...told, ...dead]
}

function withoutProbes(observation: CircuitObservation, openedMs: number) {
  const transitions = observation.transitions.map(
    (transition): TransitionRecord => ({ ...transition, atMs: transition.atMs - openedMs }),
  )
  const { state, lost, outcomes } = observation
  return { transitions, lost, finalState: state, ...(outcomes ? { outcomes } : {}) }
}
