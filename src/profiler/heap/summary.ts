import { type Dominators, dominatorsOf } from '../retaining/dominators.js'
import type { PathKinds, PathTotals } from '../retaining/path-kinds.js'
import { retainedByGroup } from '../retaining/retained.js'
import { type Retainers, retainersOf } from '../retaining/retainers.js'
import type { HeapGraph } from '../snapshot/heap-graph.js'
import { type Category, categories, categoriesOf } from './category.js'
import type { Totals } from './growth.js'
import { type ClassFigures, classesOf } from './histogram.js'

export interface RetainedFigures extends ClassFigures {
  /** Bytes that would go with all objects of the class. */
  readonly retained: number
}

/** A heap, looked at in all ways that comparing needs. */
export interface Summary {
  readonly totals: Totals
  readonly classes: readonly RetainedFigures[]
  readonly classOf: Int32Array
  readonly categoryOf: (node: number) => Category
  readonly byCategory: Record<Category, Totals>
  readonly dominators: Dominators
  readonly retainers: Retainers
  /** Of each node the kind of its path, and of the field that it is held by. */
  readonly path: Int32Array
  readonly field: Int32Array
  readonly held: PathTotals
}

/** `pause` is awaited between two long steps. */
export async function summaryOf(graph: HeapGraph, kinds: PathKinds, pause: () => Promise<void>): Promise<Summary> {
  const { classes, classOf } = classesOf(graph)
  await pause()
  const dominators = dominatorsOf(graph)
  await pause()
  const retained = retainedByGroup(dominators, classOf, classes.length)
  await pause()
  const retainers = retainersOf(graph)
  await pause()
  const { path, field } = kinds.of(graph, retainers)
  await pause()
  const categoryOf = categoriesOf(graph)
  return {
    totals: {
      objects: classes.reduce((sum, { count }) => sum + count, 0),
      bytes: classes.reduce((sum, { shallow }) => sum + shallow, 0),
    },
    classes: classes.map((figures, place) => ({ ...figures, retained: retained[place] as number })),
    classOf,
    categoryOf,
    byCategory: totalsByCategory(graph, categoryOf, classOf),
    dominators,
    retainers,
    path,
    field,
    held: kinds.totals(graph, path),
  }
}

function totalsByCategory({ selfSize }: HeapGraph, categoryOf: (node: number) => Category, classOf: Int32Array) {
  const totals = Object.fromEntries(categories.map((name) => [name, { objects: 0, bytes: 0 }])) as Record<
    Category,
    Totals
  >
  for (const [node, place] of classOf.entries()) {
    if (place < 0) continue
    const figures = totals[categoryOf(node)]
    figures.objects++
    figures.bytes += selfSize[node] as number
  }
  return totals
}
