import type { ProgressView } from './progress.js'

/** For whoever wants the report alone. */
export const progressQuiet: ProgressView = async (runs) => {
  for (const { carryOut } of runs) {
    await carryOut(
      () => {},
      () => {},
    )
  }
}
