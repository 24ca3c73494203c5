import { numbers } from '../../memory/columns.js'
import { classKey, nameOfClass } from '../snapshot/class-name.js'
import { type HeapNodes, ofNode } from '../snapshot/heap-graph.js'
import { type Category, categoryOfClass } from './category.js'

export interface ClassFigures {
  /** As Chrome calls it. */
  readonly name: string
  readonly category: Category
  readonly count: number
  /** Bytes of the objects themselves. */
  readonly shallow: number
}

/** What a heap is made of, the most bytes first. Needs the nodes alone: `readHeapNodes`. */
export function histogram(nodes: HeapNodes): ClassFigures[] {
  return classesOf(nodes).classes.sort((one, other) => other.shallow - one.shallow)
}

/** The classes of a heap, and of each node its class as a place in them; -1 for V8's roots, which are no objects. */
export function classesOf(nodes: HeapNodes): { readonly classes: ClassFigures[]; readonly classOf: Int32Array } {
  const { nodeCount, nodeType, selfSize } = nodes
  const classOf = numbers(nodeCount).fill(-1)
  const places = new Map<number, number>()
  const classes: { name: string; category: Category; count: number; shallow: number }[] = []
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] === ofNode.synthetic) continue
    const key = classKey(nodes, node)
    let place = places.get(key)
    if (place === undefined) {
      place =
        classes.push({ name: nameOfClass(nodes, key), category: categoryOfClass(nodes, node), count: 0, shallow: 0 }) -
        1
      places.set(key, place)
    }
    classOf[node] = place
    const figures = classes[place] as (typeof classes)[number]
    figures.count++
    figures.shallow += selfSize[node] as number
  }
  return { classes, classOf }
}
