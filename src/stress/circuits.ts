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
    const told = withMembersTransitions(observation, members)
    return [{ ...withoutProbes(told, openedMs), view: 'shared', ...(probes ? { probes } : {}) }]
  }
  return members.flatMap((member) => {
    const observation = member.answer?.circuit
    if (!observation) return []
    const probes = observation.probes?.map((probe) => ({ ...recordOf(probe), worker: member.worker, lost: 0 }))
    return [{ ...withoutProbes(observation, openedMs), view: member.worker, ...(probes ? { probes } : {}) }]
  })
}

/**
 * Transitions of a shared circuit, from the coordinator, whom a busy circuit overtakes, and from each worker, which knows those
 * that it made itself, each at the moment when it did. What one says of an epoch and another says differently stays twice: it is a
 * contradiction. Lost are those that neither told; a killed worker's that the coordinator was too slow to see.
 */
function withMembersTransitions(observation: CircuitObservation, members: readonly Member[]): CircuitObservation {
  const said = new Map(observation.transitions.map((record) => [textOf(record), record]))
  for (const { answer } of members) {
    for (const record of answer?.circuit.transitions ?? []) said.set(textOf(record), record)
  }
  const transitions = [...said.values()].toSorted((one, other) => one.epoch - other.epoch)
  const found = new Set(transitions.map(({ epoch }) => epoch)).size - observation.transitions.length
  return { ...observation, transitions, lost: Math.max(0, observation.lost - found) }
}

function textOf({ epoch, from, to, by }: TransitionRecord): string {
  return `${epoch} ${from} ${to} ${by}`
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
  const { state, lost, outcomes, slotsHeld } = observation
  return {
    transitions,
    lost,
    finalState: state,
    ...(outcomes ? { outcomes } : {}),
    ...(slotsHeld === undefined ? {} : { slotsHeld }),
  }
}
