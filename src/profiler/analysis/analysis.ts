import { type CallNode, type CallTree, callTree, FrameTable, type ProfileUnit } from './call-tree.js'
import { type Category, categories, type Frame, homeOf } from './places.js'
import type { ProfileKind, ThreadProfile } from './thread-profile.js'

/** Where the time went, or who allocated: of each thread, and of all together. */
export interface ProfileAnalysis {
  readonly kind: ProfileKind
  readonly unit: ProfileUnit
  readonly merged: ThreadAnalysis
  readonly threads: readonly ThreadAnalysis[]
}

export interface ThreadAnalysis {
  /** `coordinator`, `worker-0`, …; of all together, `all threads`. */
  readonly thread: string
  readonly tree: CallTree
  readonly total: number
  /** 0 where the profile doesn't tell. */
  readonly samples: number
  /** One for each category, in their order; the shares sum to 1 unless there was no sample at all. */
  readonly shares: readonly CategoryShare[]
  /** Every function that was seen, by `self`, the most first. What is no function, such as `(idle)`, is in the shares. */
  readonly functions: readonly FunctionCost[]
}

export interface CategoryShare {
  readonly category: Category
  readonly self: number
  readonly share: number
}

export interface FunctionCost extends Frame {
  /** Where it was on several accounts, that on which it spent most. */
  readonly category: Category
  readonly self: number
  /** With all that it called; counted once where it called itself. */
  readonly total: number
  readonly selfShare: number
  readonly totalShare: number
  readonly samples: number
  readonly totalSamples: number
}

/** One analysis for each kind of profile that there is, CPU first. */
export function analyseProfiles(profiles: readonly ThreadProfile[]): readonly ProfileAnalysis[] {
  const frames = new FrameTable(homeOf(profiles))
  return (['cpu', 'allocation'] as const)
    .map((kind) => profiles.filter((profile) => profile.kind === kind))
    .filter((ofKind) => ofKind.length > 0)
    .map((ofKind) => {
      const merged = analyse('all threads', callTree(ofKind, frames))
      const threads = ofKind.map((profile) => analyse(profile.thread, callTree([profile], frames)))
      return { kind: merged.tree.kind, unit: merged.tree.unit, merged, threads }
    })
}

/** The functions with the most of their own, or the most with all that they called. */
export function topFunctions(
  { functions }: ThreadAnalysis,
  by: 'self' | 'total',
  limit: number,
): readonly FunctionCost[] {
  return (by === 'self' ? functions : functions.toSorted((a, b) => b.total - a.total)).slice(0, limit)
}

function analyse(thread: string, tree: CallTree): ThreadAnalysis {
  const { total } = tree.root
  const costs = new Costs(tree.root)
  return {
    thread,
    tree,
    total,
    samples: costs.samples,
    shares: categories.map((category) => {
      const self = costs.byCategory.get(category) ?? 0
      return { category, self, share: total > 0 ? self / total : 0 }
    }),
    functions: [...costs.byFrame.values()]
      .map(({ frame, byCategory, self, total: inclusive, samples, totalSamples }) => ({
        ...frame,
        category: heaviest(byCategory),
        self,
        total: inclusive,
        selfShare: total > 0 ? self / total : 0,
        totalShare: total > 0 ? inclusive / total : 0,
        samples,
        totalSamples,
      }))
      .sort((a, b) => b.self - a.self || b.total - a.total),
  }
}

interface FrameCost {
  readonly frame: Frame
  readonly byCategory: Map<Category, number>
  self: number
  total: number
  samples: number
  totalSamples: number
}

class Costs {
  readonly byFrame = new Map<Frame, FrameCost>()
  readonly byCategory = new Map<Category, number>()
  readonly samples: number
  readonly #onStack = new Set<Frame>()

  constructor(root: CallNode) {
    this.byCategory.set(root.category, root.self)
    this.samples = root.children.reduce((sum, child) => sum + this.#add(child), root.samples)
  }

  /** Answers with the samples in the node and below. */
  #add(node: CallNode): number {
    const { frame, category, self, total } = node
    this.byCategory.set(category, (this.byCategory.get(category) ?? 0) + self)
    const outermost = !this.#onStack.has(frame)
    this.#onStack.add(frame)
    const samples = node.children.reduce((sum, child) => sum + this.#add(child), node.samples)
    if (outermost) this.#onStack.delete(frame)
    if (isFunction(frame)) {
      const cost = this.#costOf(frame)
      cost.byCategory.set(category, (cost.byCategory.get(category) ?? 0) + self)
      cost.self += self
      cost.samples += node.samples
      if (outermost) {
        cost.total += total
        cost.totalSamples += samples
      }
    }
    return samples
  }

  #costOf(frame: Frame): FrameCost {
    let cost = this.byFrame.get(frame)
    if (!cost) {
      cost = { frame, byCategory: new Map(), self: 0, total: 0, samples: 0, totalSamples: 0 }
      this.byFrame.set(frame, cost)
    }
    return cost
  }
}

/** V8 puts what is no function in brackets and gives it no source. */
function isFunction({ name, file }: Frame): boolean {
  return file !== '' || name === '(anonymous)' || !name.startsWith('(')
}

function heaviest(byCategory: ReadonlyMap<Category, number>): Category {
  return [...byCategory].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
