import { z } from 'zod'
import { categories } from './category.js'

/** Whose objects they are: of what is under test, of the engine that tests it, of Node and V8. */
export const owners = ['target', 'engine', 'node'] as const
export type Owner = (typeof owners)[number]

const count = z.number().int().nonnegative()
const bytes = z.number().nonnegative()
const change = z.number()
const category = z.enum(categories)

const totals = z.strictObject({ objects: count, bytes })

const classGrowth = z.strictObject({
  /** As Chrome calls it. */
  name: z.string(),
  category,
  countBefore: count,
  countAfter: count,
  /** Objects of `after` that `before` has not. */
  newCount: count,
  shallowGrowth: change,
  /** Of the bytes that would go with all of its objects. */
  retainedGrowth: change,
})

const cluster = z.strictObject({
  /** Who holds them, from the root to one of them, on one line. */
  path: z.string(),
  /** The last field on it that somebody has written, with its owner: `LeakyTarget.calls`. */
  field: z.string(),
  /** What there is most of among them. */
  className: z.string(),
  category,
  /** New objects of that class. */
  count,
  /** New objects in all that this field holds, and their own bytes: each new object is in one cluster. */
  objects: count,
  shallow: bytes,
  /** Of these, the bytes of compiled code and object shapes: what a warm-up makes. */
  code: bytes,
  /** Bytes that would go with them. */
  retained: bytes,
  /** All that the field holds, old or new: a cache that turns over has new objects and doesn't grow. */
  heldBefore: totals,
  heldAfter: totals,
  owner: z.enum(owners),
  /** Files whose classes and functions hold them, the nearest first; else those of the functions among them. */
  scripts: z.array(z.string()),
  /** The most frequent functions among the new objects, each with file and line. */
  functions: z.array(z.string()),
})

const categoryGrowth = z.strictObject({
  category,
  countBefore: count,
  countAfter: count,
  bytesBefore: bytes,
  bytesAfter: bytes,
})

/** What grew from one heap snapshot of a thread to a later one of the same thread, as plain JSON. */
export const heapGrowthSchema = z.strictObject({
  before: totals,
  after: totals,
  /** New objects that the root leads to: not in the first snapshot, alive in the last; of three, those of the second. */
  newObjects: totals,
  /** Own bytes of new objects by whose they are, without what is code. */
  newBytesByOwner: z.strictObject({ target: bytes, engine: bytes, node: bytes }),
  /** Bytes of new compiled code and object shapes, whosever. */
  newCodeBytes: bytes,
  categories: z.array(categoryGrowth),
  /** The most grown first; how many more there are. */
  classes: z.array(classGrowth),
  classesLeftOut: count,
  /** The largest first; how many more there are, and what they amount to. */
  clusters: z.array(cluster),
  clustersLeftOut: z.strictObject({ count, objects: count, bytes }),
})

export type HeapGrowth = z.infer<typeof heapGrowthSchema>
export type ClassGrowth = z.infer<typeof classGrowth>
export type GrowthCluster = z.infer<typeof cluster>
export type CategoryGrowth = z.infer<typeof categoryGrowth>
export type Totals = z.infer<typeof totals>
