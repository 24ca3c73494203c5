import type { OverheadEvidence } from '../../src/evidence.js'

/** Turns of 100 ns bare and 150 ns guarded; a slow second of the machine falls on both. */
export function turns(changes: Partial<OverheadEvidence> = {}): OverheadEvidence {
  const slow = (round: number) => (round % 10 === 9 ? 300 : round % 3)
  const rounds = Array.from({ length: 40 }, (_, round) => slow(round))
  return {
    bareNs: rounds.map((more) => 100 + more),
    guardedNs: rounds.map((more) => 150 + more),
    bareBytes: 16,
    guardedBytes: 16,
    calls: 1000,
    succeeded: 1000,
    ...changes,
  }
}
