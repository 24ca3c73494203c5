import { basename } from 'node:path/posix'
import type { ProfileAnalysis, ThreadAnalysis } from '../../profiler/analysis/analysis.js'
import type { CallNode, ProfileUnit } from '../../profiler/analysis/call-tree.js'
import { categories, type Frame } from '../../profiler/analysis/places.js'

/** What the page's script draws from. Small, since a report holds it for every thread. */
export interface FlameData {
  readonly unit: ProfileUnit
  readonly categories: readonly string[]
  readonly frames: readonly (readonly [name: string, place: string])[]
  readonly threads: readonly { readonly thread: string; readonly root: FlameNode }[]
}

/** `frame` and `category` by their places in the lists; `self` in whole units. */
export type FlameNode = readonly [frame: number, category: number, self: number, children?: readonly FlameNode[]]

/** What is narrower than half a pixel of a wide screen goes to its caller. */
const leastShare = 1 / 4000

export function flameData({ unit, merged, threads }: ProfileAnalysis): FlameData {
  const frames = new Map<Frame, number>()
  const shown = threads.length > 1 ? [merged, ...threads] : threads
  const trees = shown.map(({ thread, tree, total }: ThreadAnalysis) => {
    return { thread, root: flameNode(tree.root, total * leastShare, frames) }
  })
  return {
    unit,
    categories,
    frames: [...frames.keys()].map((frame) => [nameIn(frame), place(frame)]),
    threads: trees,
  }
}

/** Half the functions of a graph may have no name; of those the line says more. */
function nameIn(frame: Frame): string {
  const where = basename(place(frame))
  return frame.name === '(anonymous)' && where !== '' ? `(anonymous) ${where}` : frame.name
}

/** `src/breaker/circuit.js:120`; empty for what has no source. */
export function place({ file, line }: Pick<Frame, 'file' | 'line'>): string {
  return file === '' || line === 0 ? file : `${file}:${line}`
}

function flameNode(node: CallNode, totalMin: number, frames: Map<Frame, number>): FlameNode {
  const index = frames.get(node.frame) ?? frames.size
  frames.set(node.frame, index)
  const wide = node.children.filter(({ total }) => total >= totalMin)
  const narrow = node.children.filter(({ total }) => total < totalMin)
  const self = Math.round(narrow.reduce((sum, { total }) => sum + total, node.self))
  const category = categories.indexOf(node.category)
  if (wide.length === 0) return [index, category, self]
  return [index, category, self, wide.map((child) => flameNode(child, totalMin, frames))]
}
