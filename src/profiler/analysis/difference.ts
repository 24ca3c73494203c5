import type { FunctionCost, ProfileAnalysis } from './analysis.js'
import { type Category, categories } from './places.js'
import type { ProfileKind } from './thread-profile.js'

/** What became hotter and what cooler between two profiles, all threads together. */
export interface ProfileDifference {
  readonly kind: ProfileKind
  readonly categories: readonly CategoryChange[]
  /** By the growth of their own share: what became hotter comes first, what became cooler last. */
  readonly functions: readonly FunctionChange[]
}

/** Shares from 0 to 1, so that a longer run is not a hotter one: of all samples for a category, of the busy ones for a function. */
export interface ShareChange {
  readonly before: number
  readonly after: number
  readonly change: number
}

export interface CategoryChange extends ShareChange {
  readonly category: Category
}

export interface FunctionChange {
  readonly name: string
  readonly file: string
  readonly category: Category
  readonly self: ShareChange
  readonly total: ShareChange
  /**
   * Whether `self` changed by more than the chance of sampling explains: a test of two proportions with z above 3.
   * Undefined where the profiles don't tell how many samples there were. That two runs differ is not in it.
   */
  readonly beyondChance: boolean | undefined
}

const zMin = 3

/**
 * Functions are the same if name and file are: lines move when code is changed. So those of one file that have no name
 * are taken together, and so are those of the same name.
 */
export function compareProfiles(before: ProfileAnalysis, after: ProfileAnalysis): ProfileDifference {
  const old = byName(before)
  const recent = byName(after)
  const keys = new Set([...old.keys(), ...recent.keys()])
  const functions = [...keys].flatMap((key) => {
    const a = old.get(key)
    const b = recent.get(key)
    const either = b ?? a
    if (!either) return []
    return [
      {
        name: either.name,
        file: either.file,
        category: either.category,
        self: change(a?.selfShare ?? 0, b?.selfShare ?? 0),
        total: change(a?.totalShare ?? 0, b?.totalShare ?? 0),
        beyondChance: beyondChance(
          a?.samples ?? 0,
          before.merged.busySamples,
          b?.samples ?? 0,
          after.merged.busySamples,
        ),
      },
    ]
  })
  return {
    kind: after.kind,
    categories: categories.map((category) => ({
      category,
      ...change(shareOf(before, category), shareOf(after, category)),
    })),
    functions: functions.sort((a, b) => b.self.change - a.self.change || b.total.change - a.total.change),
  }
}

function byName({ merged }: ProfileAnalysis): Map<string, FunctionCost> {
  const found = new Map<string, FunctionCost>()
  for (const cost of merged.functions) {
    const key = `${cost.name}\n${cost.file}`
    const other = found.get(key)
    found.set(key, other ? added(other, cost) : cost)
  }
  return found
}

function added(a: FunctionCost, b: FunctionCost): FunctionCost {
  return {
    ...a,
    self: a.self + b.self,
    total: a.total + b.total,
    selfShare: a.selfShare + b.selfShare,
    // One may have called the other: then their totals overlap, and no share is above 1.
    totalShare: Math.min(1, a.totalShare + b.totalShare),
    samples: a.samples + b.samples,
  }
}

function change(before: number, after: number): ShareChange {
  return { before, after, change: after - before }
}

function shareOf({ merged }: ProfileAnalysis, category: Category): number {
  return merged.shares.find((share) => share.category === category)?.share ?? 0
}

function beyondChance(hits: number, of: number, laterHits: number, laterOf: number): boolean | undefined {
  if (of === 0 || laterOf === 0) return undefined
  const pooled = (hits + laterHits) / (of + laterOf)
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / laterOf))
  return deviation > 0 && Math.abs(laterHits / laterOf - hits / of) / deviation > zMin
}
