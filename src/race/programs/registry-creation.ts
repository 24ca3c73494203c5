import { RegistryFullError } from '../../breaker/registry/errors.js'
import { NameList } from '../../breaker/registry/name-list.js'
import { RegistryMap } from '../../breaker/registry/registry-map.js'
import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'

const SIZES = { slots: 2, leases: 1, buckets: 1, ring: 0, seats: 0, events: 16 }
const WHOLE = 7
/** Threads that come afterwards. */
const OTHERS = 20

/** Each thread asks for its names, one after another; it returns the entries that it was given, and − where there was no room. */
function programOf(names: readonly string[], deaths: number, capacity: number): { program: Program; map: RegistryMap } {
  const map = new RegistryMap(capacity, SIZES)
  const asks =
    (own: string) =>
    (cells: Cells, _call: unknown, { thread }: { thread: number }) => {
      const list = new NameList(cells, map, thread + 1)
      return [...own].map((name) => {
        const entry = list.find(name) ?? createIn(list, map, name, cells)
        if (entry === undefined) return `${name}-`
        if (cells.load(map.breaker(entry)) !== WHOLE)
          throw new Error(`"${name}" was found before its breaker was whole`)
        return `${name}${entry}`
      })
    }
  return { program: { cells: map.size, threads: names.map(asks), deaths }, map }
}

function createIn(list: NameList, map: RegistryMap, name: string, cells: Cells): number | undefined {
  try {
    return list.create(name, (entry) => cells.store(map.breaker(entry), WHOLE))
  } catch (error) {
    if (error instanceof RegistryFullError) return undefined
    throw error
  }
}

/** How many threads could be creating a name at one moment: each while the one before is at it. None of them lists it. */
function roomFor(cells: Cells, map: RegistryMap, thread = OTHERS): number {
  let room = 0
  try {
    new NameList(cells, map, thread).create('other', () => {
      room = 1 + roomFor(cells, map, thread + 1)
      throw new Error('given up')
    })
  } catch {
    // There is no more room, or it was given up.
  }
  return room
}

/** A name has one entry, whoever asks; and those that nobody listed come back. */
function oneEntryEach(map: RegistryMap, deaths: number): Question {
  return {
    check(cells, returned) {
      const copy = new PrivateCells(cells.length)
      for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
      const list = new NameList(copy, map, 0)
      for (const [thread, result] of returned.entries()) if (result === undefined) list.releaseThread(thread + 1)
      const names = list.names()
      if (new Set(names).size !== names.length) throw new Error(`listed twice: ${names.join(', ')}`)
      if (names.length > map.capacity)
        throw new Error(`${names.length} names are listed; there is room for ${map.capacity}`)
      for (const given of new Set(returned.flat())) {
        const [name = '', entry] = [String(given)[0], String(given).slice(1)]
        if (entry === '-' && (names.length < map.capacity || names.includes(name))) {
          throw new Error(`"${name}" was refused for want of room; there are ${names.join(', ')}`)
        }
        if (given !== undefined && entry !== '-' && list.find(name) !== Number(entry)) {
          throw new Error(`"${name}" is entry ${list.find(name)}, but a thread was given ${entry}`)
        }
      }
      const taken = Array.from({ length: map.entries }, (_, entry) => copy.load(map.taker(entry))).filter(Boolean)
      if (taken.length !== names.length) throw new Error(`${taken.length} entries are taken, for ${names.length} names`)
      if (deaths > 0 || names.length === map.capacity) return
      const room = roomFor(copy, map)
      if (room !== map.entries - names.length) throw new Error(`${room} of ${map.entries} entries can be taken`)
    },
  }
}

const races: readonly { names: string[]; deaths: number; capacity?: number; effort: Effort }[] = [
  { names: ['a', 'a'], deaths: 0, effort: 'quick' },
  { names: ['ab', 'ba'], deaths: 0, effort: 'quick' },
  { names: ['ab', 'ba'], deaths: 1, effort: 'quick' },
  { names: ['a', 'a', 'b'], deaths: 0, effort: 'quick' },
  { names: ['a', 'b'], deaths: 0, capacity: 1, effort: 'quick' },
  { names: ['a', 'ab', 'b'], deaths: 1, effort: 'default' },
]

const program: RacedProgram = {
  claim: 'Threads ask a registry for the same names at once: one breaker a name, whole when it is found, whoever dies.',

  cases: () =>
    races.map(({ names, deaths, capacity = 4, effort }): RacedCase => {
      const { program: raced, map } = programOf(names, deaths, capacity)
      return {
        name: `${names.join(', ')}${deaths > 0 ? '; one may die' : ''}${capacity < 4 ? `; room for ${capacity}` : ''}`,
        effort,
        program: raced,
        questions: { conservation: oneEntryEach(map, deaths), assertion: {} },
      }
    }),
}

export default program
