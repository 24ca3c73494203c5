import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'

/** Goes on when it is so late. The explorer lets a thread that waits sleep until time passes. */
export function waitUntil(clock: Clock, atMs: number): void {
  while (clock.nowMs() < atMs);
}

/** Goes on when another thread has written this cell. */
export function waitForWord(cells: Cells, cell: number): void {
  while (cells.load(cell) === 0);
}

/** What a thread says that did not come to its steps at the times that it is asked about: time passes when the explorer chooses. */
export const TIME_PASSED = 'time passed'
