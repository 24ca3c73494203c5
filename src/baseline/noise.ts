import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { EngineError } from '../engine.js'
import type { Environment } from '../evidence.js'
import { resampled } from '../statistics/bootstrap.js'
import { pairedShift } from '../statistics/signed-rank.js'
import { seededRandom } from '../world/seeded-random.js'
import { environmentSchema } from './baseline.js'

/** What the same came to against the same, in turns on one machine: how far a comparison strays where there is nothing to find. */
const sameSchema = z.strictObject({
  scenario: z.string(),
  target: z.string(),
  plan: z.string(),
  /** By metric, after ÷ before of each pair, turned so that more is worse. */
  ratios: z.record(z.string(), z.array(z.number().positive())),
})

const noiseSchema = z.strictObject({
  noiseVersion: z.literal(1),
  savedAt: z.string(),
  environment: environmentSchema,
  runs: z.array(sameSchema),
})

export type Same = z.infer<typeof sameSchema>
export type Noise = z.infer<typeof noiseSchema>

/** Fewer pairs can't be told apart by ranks at all: five come to 0.06 at the least. */
export const PAIRS_MIN = 6

/** Nothing where there is no file yet; rejects with an `EngineError` (`ERR_BASELINE`) where there is another one. */
export async function readNoise(file: string): Promise<Noise | undefined> {
  const refusal = (why: string) => new EngineError('ERR_BASELINE', `noise ${file}: ${why}`)
  let data: unknown
  try {
    data = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw refusal((error as Error).message)
  }
  const result = noiseSchema.safeParse(data)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw refusal(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}

/** What was measured anew takes the place of what the file had of the same plans; of other plans on the same machine that stays. */
export async function saveNoise(
  file: string,
  measured: readonly Same[],
  kept: readonly Same[],
  environment: Environment,
  savedAt: string,
): Promise<void> {
  const others = kept.filter(({ plan }) => !measured.some((same) => same.plan === plan))
  const noise: Noise = { noiseVersion: 1, savedAt, environment, runs: [...others, ...measured] }
  try {
    await writeFile(file, `${JSON.stringify(noise, null, 1)}\n`)
  } catch (error) {
    throw new EngineError('ERR_REPORT_NOT_WRITTEN', `noise ${file}: ${(error as Error).message}`)
  }
}

const COMPARISONS = 1000
const NOISE_QUANTILE = 0.5
/** Where V8 puts code, and how it inlines it, is worth this much from thread to thread; nobody's change is to answer for it. */
const NOISE_MIN = 0.01

/**
 * What the same strays from the same by, as a share, in a comparison of so many pairs: pairs of the same are drawn again and again, and
 * half of the draws come to less. Of one side that comes out worse than itself for a reason, the reason is in it.
 */
export function strayOf(ratios: readonly number[], pairs: number): number {
  const random = seededRandom(pairs)
  const logs = Array.from({ length: pairs }, (_, index) => Math.log(ratios[index % ratios.length] as number))
  const strays = Array.from({ length: COMPARISONS }, () => {
    return Math.abs(Math.expm1(pairedShift(resampled(logs, random))))
  })
  strays.sort((one, other) => one - other)
  return Math.max(NOISE_MIN, strays[Math.floor(NOISE_QUANTILE * COMPARISONS)] as number)
}
