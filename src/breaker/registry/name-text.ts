import type { Cells } from '../../memory/cells.js'
import { ConfigurationError } from '../errors.js'
import { NAME_LENGTH_MAX } from './registry-map.js'

/**
 * Names in shared memory: UTF-16 code units, two a cell, the earlier one in the low half. They come back unit by unit as
 * they were given, and nothing is normalized: "é" as one character and as two are two names.
 */
const UNIT_BITS = 16
const UNIT_MASK = 0xffff

/** Where the names of entries are. */
export interface NamePlaces {
  nameLength(entry: number): number
  /** The first of the cells that hold the name. */
  name(entry: number): number
}

/** Throws a `ConfigurationError` for what can't be a name in a registry. */
export function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string' && name !== '' && name.length <= NAME_LENGTH_MAX) return
  throw new ConfigurationError('name', name, `a string of 1 to ${NAME_LENGTH_MAX} UTF-16 code units`)
}

export function storeName(cells: Cells, map: NamePlaces, entry: number, name: string): void {
  const first = map.name(entry)
  cells.store(map.nameLength(entry), name.length)
  for (let index = 0; index < name.length; index += 2) {
    // Past the end there is no unit, and NaN is stored as 0.
    cells.store(first + index / 2, name.charCodeAt(index) | (name.charCodeAt(index + 1) << UNIT_BITS))
  }
}

export function loadName(cells: Cells, map: NamePlaces, entry: number): string {
  const first = map.name(entry)
  const length = cells.load(map.nameLength(entry))
  const units: number[] = []
  for (let index = 0; index < length; index++) {
    const pair = cells.load(first + (index >> 1))
    units.push(index & 1 ? pair >>> UNIT_BITS : pair & UNIT_MASK)
  }
  return String.fromCharCode(...units)
}
