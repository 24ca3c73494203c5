import { release, releaseEnded } from '../../breaker/admission/release.js'
import { memoryOfNew } from '../../breaker/new-memory.js'
import { NameList } from '../../breaker/registry/name-list.js'
import { RegistryMap } from '../../breaker/registry/registry-map.js'
import { claimSlot, isHeld, neverUsed, threadIn } from '../../breaker/threads/thread-slots.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { START_MS } from '../shipped/breaker-program.js'
import { cellName } from '../shipped/cell-name.js'

/** The thread that has ended, and still holds something. */
const DEAD = 9
/** The thread that creates a name. */
const CREATOR = 7

const { cells: fresh, map } = memoryOfNew(
  { name: 'raced', maxThreads: 2, eventCapacity: 16 },
  { clock: { nowMs: () => START_MS } },
)

type Body = Program['threads'][number]

const buries: Body = (cells) => {
  releaseEnded(cells, map, DEAD)
}

/** Takes a slot if there is one. */
const attaches: Body = (cells, _call, { thread }) => attachesTo(cells, thread + 1)

function attachesTo(cells: Cells, threadId: number): number | 'full' {
  try {
    return claimSlot(cells, map, threadId).slot
  } catch {
    return 'full'
  }
}

/** Also detaches, which another may take for its end. */
const comesAndGoes: Body = (cells, _call, { thread }) => {
  try {
    release(cells, map, claimSlot(cells, map, thread + 1))
  } catch {
    return 'full'
  }
  return 'gone'
}

/** How many threads could attach now; fills the memory with them. */
function freeSlots(cells: Cells): number {
  for (let free = 0; ; free++) if (attachesTo(cells, DEAD + 1 + free) === 'full') return free
}

function copyOf(cells: Cells): PrivateCells {
  const copy = new PrivateCells(cells.length)
  for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
  return copy
}

const slots = (threads: readonly Body[]): Program => ({
  cells: map.size,
  initial: Array.from({ length: map.size }, (_, cell) => fresh.load(cell)),
  setup: (cells) => {
    claimSlot(cells, map, DEAD)
    return (_own, world) => world
  },
  threads,
})

const slotCase = (name: string, threads: readonly Body[]): RacedCase => ({
  name,
  effort: 'quick',
  program: slots(threads),
  questions: {
    conservation: {
      check(cells, returned) {
        const own = returned.filter((slot) => typeof slot === 'number')
        if (new Set(own).size !== own.length) throw new Error('two threads were given one slot')
        for (const slot of own)
          if (!isHeld(cells, map, slot)) throw new Error(`slot ${slot} was taken away from its thread`)
        for (const [thread, slot] of returned.entries()) {
          const named = typeof slot === 'number' ? threadIn(cells, map, slot) : thread + 1
          if (named !== thread + 1) throw new Error(`slot ${slot} names thread ${named}, and is thread ${thread + 1}'s`)
        }
        const held = [0, 1].filter((slot) => isHeld(cells, map, slot)).length
        if (held !== own.length) throw new Error(`${held} slots are held, by ${own.length} threads`)
        if (neverUsed(cells, map, 0))
          throw new Error('of the slot that the dead thread had it is said that nobody ever did')
        const free = freeSlots(copyOf(cells))
        if (free !== 2 - held) throw new Error(`${free} slots can be claimed; ${held} of 2 are held`)
      },
    },
  },
  how: { nameOfCell: (cell) => cellName(map, cell) },
})

const registry = new RegistryMap(2, { slots: 2, leases: 1, buckets: 1, ring: 0, seats: 0, events: 16 })

const releasesNames: Body = (cells, _call, { thread }) => new NameList(cells, registry, thread + 1).releaseThread(DEAD)
const createsName: Body = (cells) => new NameList(cells, registry, CREATOR).create('a', () => 0)

const nameCase: RacedCase = {
  name: 'two see the end of a thread that held an entry of the registry, and a third takes it',
  effort: 'quick',
  program: {
    cells: registry.size,
    initial: [],
    setup: (cells) => {
      cells.store(registry.taker(0), DEAD + 1)
      return (_own, world) => world
    },
    threads: [releasesNames, releasesNames, createsName],
  },
  questions: {
    conservation: {
      check(cells, [, , entry]) {
        if (new NameList(copyOf(cells), registry, 0).find('a') !== entry)
          throw new Error('the name is not at its entry')
        const takers = Array.from({ length: registry.entries }, (_, at) => cells.load(registry.taker(at)))
        if (takers[Number(entry)] !== CREATOR + 1) throw new Error(`entry ${entry} was taken away from its taker`)
        if (takers.filter((taker) => taker !== 0).length !== 1) throw new Error('an entry was not given back')
      },
    },
  },
}

const program: RacedProgram = {
  claim: 'What a thread held that has ended comes back once, however many see its end, and is not taken from the next.',

  cases: () => [
    slotCase('two see its end, a third attaches', [buries, buries, attaches]),
    slotCase('two see its end, two attach', [buries, attaches, attaches]),
    slotCase('its end is seen while another comes and goes', [buries, comesAndGoes, attaches]),
    nameCase,
  ],
}

export default program
