import type { Evidence, SoakRest, SoakThread } from '../evidence.js'

/** What all threads retained from one rest to another. */
export interface Retained {
  readonly bytes: number
  readonly calls: number
}

const COMPARABLE = 0.5

/** What a soak left behind, by its rests; undefined where one of them is missing for a thread. */
export interface RetainedFigures {
  /** Over the soak itself, target and engine together. */
  readonly soak: Retained
  /** Over the bare loop: the engine alone. */
  readonly bare: Retained | undefined
  /** Of each call of the soak; without what a bare call retains, where the bare loop made as many. */
  readonly bytesPerCall: number
}

export function retainedOf(evidence: Evidence): RetainedFigures | undefined {
  const soak = retainedOver(evidence, 'steady')
  if (!soak || soak.calls === 0) return undefined
  const bare = retainedOver(evidence, 'reference')
  // Of few calls the bare loop's figure is mostly what V8 compiles once, and would be taken off every call.
  const isComparable = bare !== undefined && bare.calls >= soak.calls * COMPARABLE
  const ofEngine = isComparable ? Math.max(0, bare.bytes / bare.calls) : 0
  return { soak, bare, bytesPerCall: soak.bytes / soak.calls - ofEngine }
}

/** Rests of a thread on both sides of the stages of a role. */
export function restsAround(
  { plan }: Evidence,
  { rests }: SoakThread,
  role: 'steady' | 'reference',
): { readonly before: SoakRest; readonly after: SoakRest } | undefined {
  const first = plan.stages.findIndex((stage) => stage.role === role)
  const last = plan.stages.findLastIndex((stage) => stage.role === role)
  const before = rests.findLast(({ stage }) => stage < first)
  const after = rests.find(({ stage }) => stage > last)
  return before && after ? { before, after } : undefined
}

function retainedOver(evidence: Evidence, role: 'steady' | 'reference'): Retained | undefined {
  const { soak, stages, downstream } = evidence
  if (!soak || soak.threads.length === 0) return undefined
  let bytes = 0
  for (const thread of soak.threads) {
    const rests = restsAround(evidence, thread, role)
    if (!rests) return undefined
    bytes += heldAt(rests.after) - heldAt(rests.before)
  }
  // Of bare calls nobody takes note but the backend; of others it sees those alone that were let through.
  const calls = stages.reduce((sum, stage, index) => {
    if (stage.role !== role) return sum
    return sum + (role === 'reference' ? (downstream.receivedByStage[index] ?? 0) : stage.started)
  }, 0)
  return { bytes, calls }
}

function heldAt({ usedBytes, externalBytes }: SoakRest): number {
  return usedBytes + externalBytes
}
