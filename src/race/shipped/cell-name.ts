import type { MemoryMap } from '../../breaker/storage/memory-map.js'

/** What a cell of a breaker is called in the table of a failure. */
export function cellName(map: MemoryMap, cell: number): string {
  const { sizes } = map
  const single: Readonly<Record<number, string>> = {
    [map.control]: 'control',
    [map.failureRun]: 'failure run',
    [map.judge]: 'judge',
    [map.strikes]: 'strikes',
    [map.ringHead]: 'ring head',
    [map.rampUpBudget]: 'ramp-up budget',
    [map.eventHead]: 'event head',
    [map.demand]: 'demand',
  }
  const ranges: [name: string, from: number, cells: number][] = [
    ['owner', map.owner(0), sizes.slots * 2],
    ['lease', map.lease(0), map.lease(1) - map.lease(0)],
    ['seat', map.seat(0), sizes.seats],
    ['ring', map.ring(0), sizes.ring],
    ['event', map.event(0), map.event(1) - map.event(0)],
  ]
  for (let slot = 0; slot < sizes.slots; slot++) {
    ranges.push([`configuration of ${slot}`, map.configuration(slot * 2), 64])
    ranges.push([`record of ${slot}`, map.record(slot, 0), map.configuration(slot * 2) - map.record(slot, 0)])
    ranges.push([`bucket of ${slot}`, map.bucket(slot, 0), map.record(slot, 0) - map.bucket(slot, 0)])
    ranges.push([`condition of ${slot}`, map.condition(slot), map.bucket(slot, 0) - map.condition(slot)])
    ranges.push([`counter of ${slot}`, map.counters(slot), map.condition(slot) - map.counters(slot)])
  }
  const known = single[cell]
  if (known) return known
  const range = ranges.find(([, from, cells]) => cell >= from && cell < from + cells)
  return range ? `${range[0]} +${cell - range[1]}` : String(cell)
}
