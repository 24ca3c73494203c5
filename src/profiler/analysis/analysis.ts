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
  /** Of `total`, what was not waiting. */
  readonly busy: number
  /** 0 where the profile doesn't tell. */
  readonly samples: number
  readonly busySamples: number
  /** One for each category, in their order; shares of `total`, which sum to 1 unless there was no sample at all. */
  readonly shares: readonly CategoryShare[]
  /**
   * Every function that was seen at work, by `self`, the most first. What is no function, such as the garbage collector,
   * is in the shares alone; and so is waiting, which is nobody's cost.
   */
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
  /** With all that it called, but for waiting; counted once where it called itself. */
  readonly total: number
  /** Shares of the busy time, from 0 to 1: so a thread that mostly waits has its costs told as clearly as another. */
  readonly selfShare: number
  readonly totalShare: number
  /** Samples in the function itself; 0 where the profile doesn't tell. */
  readonly samples: number
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

/** The functions with the most of their own, none that has nothing; or those with the most with all that they called. */
export function topFunctions(
  { functions }: ThreadAnalysis,
  by: 'self' | 'total',
  limit: number,
): readonly FunctionCost[] {
  const sorted =
    by === 'self' ? functions.filter(({ self }) => self > 0) : functions.toSorted((a, b) => b.total - a.total)
  return sorted.slice(0, limit)
}

function analyse(thread: string, tree: CallTree): ThreadAnalysis {
  const { total } = tree.root
  const costs = new Costs(tree.root)
  const of = (part: number, whole: number) => (whole > 0 ? part / whole : 0)
  return {
    thread,
    tree,
    total,
    busy: costs.busy,
    samples: costs.samples,
    busySamples: costs.busySamples,
    shares: categories.map((category) => {
      const self = costs.byCategory.get(category) ?? 0
      return { category, self, share: of(self, total) }
    }),
    functions: [...costs.byFrame.values()]
      .map(({ frame, byCategory, self, total: inclusive, samples }) => ({
        ...frame,
        category: heaviest(byCategory),
        self,
        total: inclusive,
        selfShare: of(self, costs.busy),
        totalShare: of(inclusive, costs.busy),
        samples,
      }))
      .filter(({ total: inclusive }) => inclusive > 0)
      .sort((a, b) => b.self - a.self || b.total - a.total),
  }
}

interface FrameCost {
  readonly frame: Frame
  readonly byCategory: Map<Category, number>
  self: number
  total: number
  samples: number
}

class Costs {
  readonly byFrame = new Map<Frame, FrameCost>()
  readonly byCategory = new Map<Category, number>()
  readonly busy: number
  samples = 0
  busySamples = 0
  readonly #onStack = new Set<Frame>()

  constructor(root: CallNode) {
    this.busy = this.#add(root)
  }

  /** Answers with what was spent in the node and below, but for waiting. */
  #add({ frame, category, self, samples, children }: CallNode): number {
    const waits = category === 'idle'
    this.samples += samples
    this.busySamples += waits ? 0 : samples
    this.byCategory.set(category, (this.byCategory.get(category) ?? 0) + self)
    const outermost = !this.#onStack.has(frame)
    this.#onStack.add(frame)
    const busy = children.reduce((sum, child) => sum + this.#add(child), waits ? 0 : self)
    if (outermost) this.#onStack.delete(frame)
    if (waits || !isFunction(frame)) return busy
    const cost = this.#costOf(frame)
    cost.byCategory.set(category, (cost.byCategory.get(category) ?? 0) + self)
    cost.self += self
    cost.samples += samples
    if (outermost) cost.total += busy
    return busy
  }

  #costOf(frame: Frame): FrameCost {
    let cost = this.byFrame.get(frame)
    if (!cost) {
      cost = { frame, byCategory: new Map(), self: 0, total: 0, samples: 0 }
      this.byFrame.set(frame, cost)
    }
    return cost
  }
}

/** V8 puts what is no function in brackets and gives it no source. */
function isFunction({ name, file }: Frame): boolean {
  return file !== '' || !name.startsWith('(') || name === '(anonymous)'
}

function heaviest(byCategory: ReadonlyMap<Category, number>): Category {
  return [...byCategory].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
