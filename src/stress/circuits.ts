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
    const probes = sharedProbes(members)
    return [{ ...withoutProbes(observation, openedMs), view: 'shared', ...(probes ? { probes } : {}) }]
  }
  return members.flatMap((member) => {
    const observation = member.answer?.circuit
    if (!observation) return []
    const probes = observation.probes?.map((probe) => ({ ...probe, worker: member.worker, lost: 0 }))
    return [{ ...withoutProbes(observation, openedMs), view: member.worker, ...(probes ? { probes } : {}) }]
  })
}

/** Probes of a shared circuit: each worker tells its own. What a killed worker was given, nobody can tell any more. */
function sharedProbes(members: readonly Member[]): ProbeRecord[] | undefined {
  const told = members.filter((member) => member.answer?.circuit.probes !== undefined)
  if (told.length === 0) return undefined
  return told.flatMap(({ answer, worker }) =>
    (answer?.circuit.probes ?? []).map((probe) => ({ ...probe, worker, lost: 0 })),
  )
}

function withoutProbes(observation: CircuitObservation, openedMs: number) {
  const transitions = observation.transitions.map(
    (transition): TransitionRecord => ({ ...transition, atMs: transition.atMs - openedMs }),
  )
  const { state, lost, outcomes } = observation
  return { transitions, lost, finalState: state, ...(outcomes ? { outcomes } : {}) }
}
