import { releaseEnded } from '../../breaker/admission/release.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import { claimSlot, isHeld, neverUsed, releaseSlot } from '../../breaker/threads/thread-slots.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

const THREADS = 4

const fresh = memoryOfNew(
  { name: 'raced', maxThreads: THREADS, eventCapacity: 16 },
  { clock: { nowMs: () => START_MS } },
)
const { map } = fresh
/** Behind the breaker's cells: of each slot, how many threads believe that it is theirs. */
const believers = map.size

type Body = Program['threads'][number]

/** Claims a slot and believes that it is its own, again and again; gives it back each time but the last. */
const claims =
  (times: number): Body =>
  (cells, _call, { thread }) => {
    for (let time = 1; ; time++) {
      const claim = claimSlot(cells, map, thread + 1)
      if (cells.add(believers + claim.slot, 1) !== 0) throw new Error(`slot ${claim.slot} has two owners`)
      if (time === times) return claim.slot
      cells.add(believers + claim.slot, -1)
      releaseSlot(cells, map, claim, () => undefined)
    }
  }

const initial = [
  ...Array.from({ length: map.size }, (_, cell) => fresh.cells.load(cell)),
  ...new Array(THREADS).fill(0),
]

function programOf(times: readonly number[], deaths: number): Program {
  return {
    cells: map.size + THREADS,
    initial,
    threads: times.map(claims),
    deaths,
    // Whoever sees a thread die gives back what it held; nobody believes any more that the slot is the dead one's.
    ...(deaths > 0
      ? { onDeath: (cells: Cells, _call: unknown, _world: unknown, dead: number) => buries(cells, dead) }
      : {}),
  }
}

function buries(cells: Cells, dead: number): void {
  releaseEnded(cells, map, dead + 1)
}

/** As many slots are held as threads still hold one. */
const heldByTheLiving: Question = {
  check(cells, returned) {
    const living = returned.filter((slot) => slot !== undefined).length
    const dead = returned.length - living
    const held = Array.from({ length: THREADS }, (_, slot) => isHeld(cells, map, slot)).filter(Boolean).length
    if (held < living || held > living + dead) throw new Error(`${held} slots are held; ${living} threads hold one`)
    if (new Set(returned.filter((slot) => slot !== undefined)).size !== living) throw new Error('a slot has two owners')
    // Each takes the first that is free, so sums over the slots may stop at the first that nobody ever had.
    if (!neverUsed(cells, map, THREADS - 1)) throw new Error('the last slot is said to have been used')
  },
}

const races: readonly { times: number[]; deaths: number; effort: Effort }[] = [
  { times: [1, 1], deaths: 0, effort: 'quick' },
  { times: [2, 2], deaths: 0, effort: 'quick' },
  { times: [1, 1, 1], deaths: 0, effort: 'quick' },
  { times: [2, 1, 2], deaths: 0, effort: 'default' },
]

const program: RacedProgram = {
  claim: 'Threads attach and detach at once: a slot has one owner at a time.',

  cases: () =>
    races.map(
      ({ times, deaths, effort }): RacedCase => ({
        name: `${times.join(', ')} times`,
        effort,
        program: programOf(times, deaths),
        questions: { assertion: {}, conservation: heldByTheLiving },
        how: { nameOfCell: (cell) => (cell >= believers ? `believers of ${cell - believers}` : cellName(map, cell)) },
      }),
    ),
}

export default program
