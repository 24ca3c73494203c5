/**
 * One step of a schedule, as a number: the thread in the low four bits; above them which of several ways its operation may go
 * (which of the random values), or that the thread dies instead.
 */
export const MOST_THREADS = 14
export const MOST_VARIANTS = 62
const THREAD_BITS = 4
const DEATH = 63

export function choiceOf(thread: number, variant: number): number {
  return thread | (variant << THREAD_BITS)
}

export function deathOf(thread: number): number {
  return choiceOf(thread, DEATH)
}

export function threadOf(choice: number): number {
  return choice & ((1 << THREAD_BITS) - 1)
}

export function variantOf(choice: number): number {
  return choice >> THREAD_BITS
}

export function isDeath(choice: number): boolean {
  return choice >> THREAD_BITS === DEATH
}
