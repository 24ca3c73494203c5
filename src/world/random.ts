/** Chance as the code under test sees it. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
}

/** Unseeded chance, for jitter in production. */
export const systemRandom: Random = { next: () => Math.random() }
