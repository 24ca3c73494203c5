import { type Category, categoryOf, type Frame, frameOf } from './places.js'
import type { AllocationNode, CallFrame, ProfileKind, ThreadProfile } from './thread-profile.js'

export type ProfileUnit = 'microseconds' | 'bytes'

/** A function as it was called from one place: all calls from there together. */
export interface CallNode {
  readonly frame: Frame
  readonly category: Category
  /** In the function itself; of time, its part of the thread's samples times what they span. */
  readonly self: number
  /** In it and all that it called. */
  readonly total: number
  /** Samples in the function itself; 0 where the profile doesn't tell. */
  readonly samples: number
  readonly children: readonly CallNode[]
}

export interface CallTree {
  readonly kind: ProfileKind
  readonly unit: ProfileUnit
  readonly root: CallNode
}

/** While the tree is made, children are found by their frames, of which there is one object each. */
interface GrowingNode {
  frame: Frame
  category: Category
  self: number
  samples: number
  children: Map<Frame, GrowingNode>
}

/** One frame for each function, so that functions are the same in all trees that were made with the same table. */
export class FrameTable {
  readonly #home: string
  readonly #frames = new Map<string, Frame>()

  constructor(home: string) {
    this.#home = home
  }

  frame(callFrame: CallFrame): Frame {
    const { functionName, url, lineNumber, columnNumber } = callFrame
    const key = `${functionName}\n${url}\n${lineNumber}:${columnNumber}`
    let frame = this.#frames.get(key)
    if (!frame) {
      frame = frameOf(callFrame, this.#home)
      this.#frames.set(key, frame)
    }
    return frame
  }

  category(callFrame: CallFrame, caller: Category | undefined): Category {
    return categoryOf(callFrame, this.#home, caller)
  }
}

/** The call tree of several threads as one; of one thread, its own. All must be of the same kind. */
export function callTree(profiles: readonly ThreadProfile[], frames: FrameTable): CallTree {
  const root = growingNode({ name: '(root)', file: '', line: 0, column: 0 }, 'program')
  for (const profile of profiles) {
    if (profile.kind === 'cpu') addCpu(root, profile, frames)
    else addAllocations(root, profile, frames)
  }
  const kind = profiles[0]?.kind ?? 'cpu'
  return { kind, unit: kind === 'cpu' ? 'microseconds' : 'bytes', root: finished(root) }
}

function addCpu(root: GrowingNode, profile: ThreadProfile & { kind: 'cpu' }, frames: FrameTable): void {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const grown = new Map<number, GrowingNode>()
  const [top] = profile.nodes
  const pending: (readonly [id: number, parent: GrowingNode, caller: Category | undefined])[] = []
  for (const child of top?.children ?? []) pending.push([child, root, undefined])
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [id, parent, caller] = next
    const node = byId.get(id)
    if (!node || grown.has(id)) continue
    const child = childOf(parent, node.callFrame, caller, frames)
    grown.set(id, child)
    for (const grandchild of node.children ?? []) pending.push([grandchild, child, child.category])
  }
  // Every sample counts the same. A long gap is a profiler or a thread that was kept off its core (a tenth of a second
  // and more where threads outnumber cores), and says nothing of the function in which it happened to begin.
  const { samples, timeDeltas, startTime, endTime } = profile
  const each = Math.max(0, endTime - startTime - (timeDeltas[0] ?? 0)) / Math.max(1, samples.length)
  const hits = new Map<number, number>()
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1)
  for (const [id, count] of hits) {
    const node = grown.get(id) ?? root
    node.self += count * each
    node.samples += count
  }
}

function addAllocations(root: GrowingNode, profile: ThreadProfile & { kind: 'allocation' }, frames: FrameTable): void {
  const samples = new Map<number, number>()
  for (const { nodeId } of profile.samples ?? []) samples.set(nodeId, (samples.get(nodeId) ?? 0) + 1)
  const add = (from: AllocationNode, to: GrowingNode, caller: Category | undefined) => {
    to.self += from.selfSize
    to.samples += samples.get(from.id ?? -1) ?? 0
    for (const child of from.children) {
      const node = childOf(to, child.callFrame, caller, frames)
      add(child, node, node.category)
    }
  }
  add(profile.head, root, undefined)
}

function childOf(
  parent: GrowingNode,
  callFrame: CallFrame,
  caller: Category | undefined,
  frames: FrameTable,
): GrowingNode {
  const frame = frames.frame(callFrame)
  let child = parent.children.get(frame)
  if (!child) {
    child = growingNode(frame, frames.category(callFrame, caller))
    parent.children.set(frame, child)
  }
  return child
}

function growingNode(frame: Frame, category: Category): GrowingNode {
  return { frame, category, self: 0, samples: 0, children: new Map() }
}

/** Stacks of the profilers are a few hundred deep at most, so recursion is safe here and wherever trees are walked. */
function finished({ frame, category, self, samples, children }: GrowingNode): CallNode {
  const below = [...children.values()].map(finished).sort((a, b) => b.total - a.total)
  return {
    frame,
    category,
    self,
    samples,
    total: below.reduce((sum, child) => sum + child.total, self),
    children: below,
  }
}
