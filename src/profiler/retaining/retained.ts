import { doubles, numbers } from '../../memory/columns.js'
import type { Dominators } from './dominators.js'

/**
 * For each group the bytes that would go with all of its nodes: what one of them retains counts once, also where it
 * retains others of the group. `groupOf` has a number below `groups` for each node, or -1.
 */
export function retainedByGroup(
  { dominator, retainedSize, order }: Dominators,
  groupOf: Int32Array,
  groups: number,
): Float64Array {
  const { firstChild, sibling } = children(dominator, order)
  const retained = doubles(groups)
  /** How many of the nodes that we are in are of this group. */
  const depth = numbers(groups)
  let node = order[0] as number
  enter(node)
  for (;;) {
    if ((firstChild[node] as number) > 0) {
      const child = firstChild[node] as number
      // Each child is taken off as it is entered, so that its parent needs no place in the row of them.
      firstChild[node] = sibling[child] as number
      node = child
      enter(node)
    } else {
      const group = groupOf[node] as number
      if (group >= 0) depth[group] = (depth[group] as number) - 1
      if (node === order[0]) return retained
      node = dominator[node] as number
    }
  }

  function enter(entered: number): void {
    const group = groupOf[entered] as number
    if (group < 0) return
    if (depth[group] === 0) retained[group] = (retained[group] as number) + (retainedSize[entered] as number)
    depth[group] = (depth[group] as number) + 1
  }
}

/** 0 is no child: it is the root. */
function children(dominator: Int32Array, order: Int32Array) {
  const firstChild = numbers(dominator.length)
  const sibling = numbers(dominator.length)
  for (let at = 1; at < order.length; at++) {
    const node = order[at] as number
    const above = dominator[node] as number
    sibling[node] = firstChild[above] as number
    firstChild[above] = node
  }
  return { firstChild, sibling }
}
