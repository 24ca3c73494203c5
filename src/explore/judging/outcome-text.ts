import type { Cells } from '../../memory/cells.js'

/** So many cells are told all; of more, those that were changed. */
const ALL_CELLS = 16

/** How an execution ended: what the first `cells` cells hold, and what the bodies returned, if any returned something. */
export function outcomeText(
  memory: Cells,
  cells: number,
  initial: ArrayLike<number>,
  returned: readonly string[],
): string {
  const held: string[] = []
  for (let cell = 0; cell < cells; cell++) {
    const value = memory.load(cell)
    if (cells <= ALL_CELLS) held.push(`${value}`)
    else if (value !== initial[cell]) held.push(`${cell}: ${value}`)
  }
  const saysMore = returned.some((text) => text !== 'undefined')
  return `[${held.join(', ')}]${saysMore ? ` returned [${returned.join(', ')}]` : ''}`
}

export function returnedText(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value))
}
