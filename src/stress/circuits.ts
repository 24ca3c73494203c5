import type { CircuitEvidence, ProbeRecord, TransitionRecord } from '../evidence.js'
import type { CircuitObservation, PreparedTarget, Target } from '../target.js'
import type { Member } from './crew.js'
import type { Probes } from './probe-ring.js'

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
    const probes = observation.probes?.map((probe) => ({ ...recordOf(probe), worker: member.worker, lost: 0 }))
    return [{ ...withoutProbes(observation, openedMs), view: member.worker, ...(probes ? { probes } : {}) }]
  })
}

/**
 * Probes of a shared circuit: each worker tells its own, a killed one those that it had published. What had not
 * ended in its last half-open epoch counts as lost, for the breaker reclaims the permissions of the dead.
 */
function sharedProbes(members: readonly Member[]): ProbeRecord[] | undefined {
  if (!members.some((member) => member.answer?.circuit.probes !== undefined)) return undefined
  return members.flatMap(({ answer, worker, journal, end }) => {
    if (answer) return (answer.circuit.probes ?? []).map((probe) => ({ ...recordOf(probe), worker, lost: 0 }))
    if (end !== 'killed') return []
    const published = journal.probes.read()
    return published.map((probe, index) => ({
      ...recordOf(probe),
      worker,
      lost: index === published.length - 1 ? Math.max(0, probe.admitted - probe.settled) : 0,
    }))
  })
}

function recordOf({ epoch, admitted, returned }: Probes[number]): Omit<ProbeRecord, 'worker' | 'lost'> {
  return { epoch, admitted, returned }
}

function withoutProbes(observation: CircuitObservation, openedMs: number) {
  const transitions = observation.transitions.map(
    (transition): TransitionRecord => ({ ...transition, atMs: transition.atMs - openedMs }),
  )
  const { state, lost, outcomes } = observation
  return { transitions, lost, finalState: state, ...(outcomes ? { outcomes } : {}) }
}
