import type { Cells } from '../../memory/cells.js'
import { CELLS_PER_LINE, Layout } from '../../memory/layout.js'
import { AttachError, ConfigurationError } from '../errors.js'
import { type CircuitState, stateCode, stateName, states } from '../life/control-word.js'
import type { Configuration } from '../options.js'
import { loadConfiguration, storeConfiguration } from '../storage/configuration-block.js'
import { LAYOUT_VERSION, MemoryMap, type Sizes } from '../storage/memory-map.js'

/**
 * Where everything of a registry is. All offsets follow from the capacity and the sizes, which the header repeats.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | header | magic, layout versions, size, capacity, initial state, and the sizes of each breaker | create, once | attach |
 * | defaults | a line: the configuration of a breaker that is created without rules | create, once | whoever creates a breaker |
 * | list | one each name: 0, or the number of its entry + 1 | whoever creates a breaker, by compareExchange | lookups |
 * | entries | taker, length of the name, the name, two code units a cell | the thread that took it | lookups, once it is listed |
 * | breakers | one each entry, at a fixed stride of whole lines | first as the entry, then as any breaker | its threads |
 *
 * There are as many entries more than names as a breaker has slots for threads, for each thread may hold one that is not
 * listed: `name-list.ts`.
 *
 * As a breaker's memory: size → initialize → attach; attach only reads, and refuses what it doesn't know.
 */
export const REGISTRY_MAGIC = 0x42_55_53_52
export const REGISTRY_LAYOUT_VERSION = 1
export const CAPACITY_MAX = 65_536
/** UTF-16 code units. */
export const NAME_LENGTH_MAX = 128
/** Cells are addressed by numbers that must fit a cell. */
const SIZE_MAX = 2 ** 31 - 1

const sizeNames = ['slots', 'leases', 'buckets', 'ring', 'seats', 'events'] as const

/** The header's cells, counted from the first. */
export const RegistryHeader = {
  magic: 0,
  version: 1,
  breakerVersion: 2,
  size: 3,
  capacity: 4,
  initialState: 5,
  /** And those after it, in the order of `sizeNames`. */
  sizes: 6,
} as const
const HEADER_CELLS = RegistryHeader.sizes + sizeNames.length

/** An entry's cells, counted from its first; the name's follow. */
const Entry = { taker: 0, length: 1, name: 2 } as const
const ENTRY_CELLS = Entry.name + NAME_LENGTH_MAX / 2

/** What a breaker begins with if its creator says nothing else. */
export interface RegistryDefaults {
  readonly configuration: Configuration
  readonly initialState: CircuitState
}

export class RegistryMap {
  readonly entries: number
  /** Cells of one breaker. */
  readonly stride: number
  readonly defaults: number
  readonly #list: number
  readonly #entries: number
  readonly #breakers: number
  /** Cells in all. */
  readonly size: number

  constructor(
    readonly capacity: number,
    /** Of each breaker. */
    readonly sizes: Sizes,
  ) {
    this.entries = capacity + sizes.slots
    this.stride = new MemoryMap(0, sizes).size
    const layout = new Layout()
    layout.lineOf(HEADER_CELLS)
    this.defaults = layout.lineOf(CELLS_PER_LINE)
    this.#list = layout.lineOf(capacity)
    this.#entries = layout.lineOf(this.entries * ENTRY_CELLS)
    this.#breakers = layout.lineOf(this.entries * this.stride)
    this.size = layout.size
  }

  /** The cell that says which entry has the name that was listed at `position`. */
  listed(position: number): number {
    return this.#list + position
  }

  taker(entry: number): number {
    return this.#entries + entry * ENTRY_CELLS + Entry.taker
  }

  nameLength(entry: number): number {
    return this.#entries + entry * ENTRY_CELLS + Entry.length
  }

  /** The first of the cells that hold the name. */
  name(entry: number): number {
    return this.#entries + entry * ENTRY_CELLS + Entry.name
  }

  /** The first cell of the entry's breaker. */
  breaker(entry: number): number {
    return this.#breakers + entry * this.stride
  }
}

/** Throws a `ConfigurationError` if there is no memory as large as that. */
export function sizeRegistry(capacity: number, sizes: Sizes): RegistryMap {
  const map = new RegistryMap(capacity, sizes)
  if (map.size <= SIZE_MAX) return map
  const most = Math.floor(SIZE_MAX / map.stride)
  throw new ConfigurationError(
    'capacity',
    capacity,
    `less than ${most}: each of these breakers takes ${map.stride * 4} bytes`,
  )
}

/** Runs before anyone else knows of the memory. */
export function initializeRegistry(cells: Cells, map: RegistryMap, defaults: RegistryDefaults): void {
  storeConfiguration(cells, map.defaults, defaults.configuration)
  cells.store(RegistryHeader.version, REGISTRY_LAYOUT_VERSION)
  cells.store(RegistryHeader.breakerVersion, LAYOUT_VERSION)
  cells.store(RegistryHeader.size, map.size)
  cells.store(RegistryHeader.capacity, map.capacity)
  cells.store(RegistryHeader.initialState, stateCode(defaults.initialState))
  sizeNames.forEach((part, index) => {
    cells.store(RegistryHeader.sizes + index, map.sizes[part])
  })
  // Last: memory that names itself a registry is one.
  cells.store(RegistryHeader.magic, REGISTRY_MAGIC)
}

/** The map of the registry in this memory. Throws an `AttachError` for anything else. */
export function readRegistry(cells: Cells): RegistryMap {
  if (cells.length < HEADER_CELLS || cells.load(RegistryHeader.magic) !== REGISTRY_MAGIC) {
    throw new AttachError('ERR_NOT_A_BREAKER', 'there is no registry of breakers in this buffer')
  }
  const version = cells.load(RegistryHeader.version)
  const breakerVersion = cells.load(RegistryHeader.breakerVersion)
  if (version !== REGISTRY_LAYOUT_VERSION || breakerVersion !== LAYOUT_VERSION) {
    throw new AttachError(
      'ERR_LAYOUT_VERSION',
      `the registry's memory has layout ${version}.${breakerVersion}; ` +
        `this version of busbar knows layout ${REGISTRY_LAYOUT_VERSION}.${LAYOUT_VERSION}`,
    )
  }
  const capacity = cells.load(RegistryHeader.capacity)
  const sizes = Object.fromEntries(
    sizeNames.map((part, index) => [part, cells.load(RegistryHeader.sizes + index)]),
  ) as unknown as Sizes
  const map = new RegistryMap(capacity, sizes)
  const state = cells.load(RegistryHeader.initialState)
  const somewhere = sizeNames.every((part) => sizes[part] >= 0) && sizes.slots >= 1
  const plausible = capacity >= 1 && somewhere && state >= 1 && state <= states.length
  if (!plausible || map.size !== cells.load(RegistryHeader.size)) {
    throw new AttachError('ERR_NOT_A_BREAKER', 'the registry’s header contradicts itself: the memory was written over')
  }
  if (map.size > cells.length) {
    throw new AttachError(
      'ERR_TRUNCATED',
      `the registry needs ${map.size} cells; the buffer ends after ${cells.length}`,
    )
  }
  return map
}

export function readDefaults(cells: Cells, map: RegistryMap): RegistryDefaults {
  return {
    configuration: loadConfiguration(cells, map.defaults),
    initialState: stateName(cells.load(RegistryHeader.initialState)),
  }
}
