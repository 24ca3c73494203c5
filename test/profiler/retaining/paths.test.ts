import { expect } from 'chai'
import { PathTexts } from '../../../src/profiler/retaining/path-text.js'
import { retainersOf } from '../../../src/profiler/retaining/retainers.js'
import { Scripts } from '../../../src/profiler/retaining/scripts.js'
import { graphOf, type SmallHeap } from '../small-heap.js'

/** The line of the last node, and the field that it is said to be held by where the nodes `isNew` are new. */
async function pathOf(heap: SmallHeap, isNew: readonly number[] = [heap.nodes.length - 1]) {
  const graph = await graphOf(heap)
  const texts = new PathTexts(graph, retainersOf(graph), new Scripts(graph))
  const node = heap.nodes.length - 1
  return { line: texts.path(node), field: texts.field(node, (other) => isNew.includes(other)) }
}

const root = ['synthetic', '', 0] as const
const object = (name: string) => ['object', name, 16] as const

describe('a retainer path', () => {
  it('names the fields, and leaves out what V8 has between them', async () => {
    const { line, field } = await pathOf({
      nodes: [root, object('global'), object('Service'), object('Map'), ['array', '', 64], object('Request')],
      edges: [
        [0, 'shortcut', 'global', 1],
        [1, 'property', 'service', 2],
        [2, 'property', '#pending', 3],
        [3, 'internal', 'table', 4],
        [4, 'internal', '12', 5],
      ],
    })
    expect(line).to.equal('(root) → global.service → Service.#pending → Map[…] → Request')
    expect(field).to.equal('Service.#pending')
  })

  it('goes through fields that somebody wrote rather than through V8’s own, if they are not much longer', async () => {
    const nodes = [
      root,
      ['synthetic', '(GC roots)', 0],
      object('global'),
      object('Service'),
      object('Request'),
    ] as const
    const { line } = await pathOf({
      nodes,
      edges: [
        [0, 'element', 1, 1],
        [1, 'element', 1, 4],
        [0, 'shortcut', 'global', 2],
        [2, 'property', 'service', 3],
        [3, 'property', 'last', 4],
      ],
    })
    expect(line).to.equal('(root) → global.service → Service.last → Request')
  })

  it('says from which roots it comes where there is no other way', async () => {
    const { line } = await pathOf({
      nodes: [root, ['synthetic', '(GC roots)', 0], ['synthetic', '(Global handles)', 0], object('MessagePort')],
      edges: [
        [0, 'element', 1, 1],
        [1, 'element', 3, 2],
        [2, 'element', 9, 3],
      ],
    })
    expect(line).to.equal('(root) → (GC roots) → (Global handles) → MessagePort')
  })

  it('never goes along what is weak', async () => {
    const { line } = await pathOf({
      nodes: [root, object('Cache'), object('Service'), object('Request')],
      edges: [
        [0, 'shortcut', 'cache', 1],
        [1, 'weak', 'entry', 3],
        [0, 'shortcut', 'service', 2],
        [2, 'property', 'last', 3],
      ],
    })
    expect(line).to.equal('(root) → Service.last → Request')
  })

  it('to a value of a WeakMap goes through its key, though the table is nearer', async () => {
    const pair = '2 / part of key (Key @5) -> value (Request @9) pair in WeakMap (table @7)'
    const { line } = await pathOf({
      nodes: [root, object('Service'), ['array', '', 64], ...'abcdef'.split('').map(object), object('Request')],
      edges: [
        [0, 'shortcut', 'service', 1],
        [1, 'internal', 'table', 2],
        [2, 'internal', pair, 9],
        [1, 'property', 'key', 3],
        ...[3, 4, 5, 6, 7].map((node) => [node, 'property', 'next', node + 1] as const),
        [8, 'internal', pair, 9],
      ],
    })
    expect(line).to.match(/^\(root\) → Service\.key → a\.next → .* → f\[…\] → Request$/)
  })

  it('names variables of functions, as a chain of closures has them, and says a round once', async () => {
    const rounds = 50
    const closures = Array.from(
      { length: rounds },
      () => [['closure', 'next', 64], object('system / Context')] as const,
    )
    const { line, field } = await pathOf(
      {
        nodes: [root, object('Service'), ...closures.flat(), object('Request')],
        edges: [
          [0, 'shortcut', 'service', 1],
          [1, 'property', 'previous', 2],
          ...closures.flatMap((_, round) => {
            const at = 2 + round * 2
            return [[at, 'internal', 'context', at + 1] as const, [at + 1, 'context', 'before', at + 2] as const]
          }),
        ],
      },
      Array.from({ length: 2 * rounds + 1 }, (_, node) => node + 2),
    )
    expect(line).to.equal('(root) → Service.previous → function next (variable before) → Request')
    expect(field).to.equal('Service.previous')
  })

  it('is cut in its middle where it is long, and says how much', async () => {
    const classes = Array.from({ length: 40 }, (_, at) => object(`Class${at}`))
    const { line } = await pathOf({
      nodes: [root, ...classes],
      edges: classes.map((_, at) => [at, at === 0 ? 'shortcut' : 'property', `field${at}`, at + 1] as const),
    })
    expect(line).to.match(/^\(root\) → Class0\.field1 → .* → … 26 more … → Class30\.field31 → .* → Class39$/)
  })
})
