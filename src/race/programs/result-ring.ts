import { ControlWords } from '../../breaker/life/control-word.js'
import { resolveOptions } from '../../breaker/resolve-options.js'
import { MemoryMap } from '../../breaker/storage/memory-map.js'
import { FAILED, ResultRing } from '../../breaker/windows/result-ring.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { cellName } from '../shipped/cell-name.js'

/** A ring of two results, so that positions soon come round. */
const RING = 2
const { sizes } = resolveOptions({ name: 'raced', maxThreads: 2, slidingWindow: { type: 'count', size: 2 } })
const map = new MemoryMap(0, { ...sizes, ring: RING })
const words = new ControlWords(map.sizes.slots)
const LIFE = words.compose(1, 1, 0)

function ringOf(cells: Cells): ResultRing {
  return new ResultRing({ cells, map, words })
}

/** Results one after another: F failed, S succeeded. */
const records =
  (results: string): Body<ResultRing> =>
  (_cells, _call, ring) =>
    [...results].map((result) => ring.record(ring.tagOf(LIFE), result === 'F' ? FAILED : 0))

const reads: Body<ResultRing> = (_cells, _call, ring) => {
  const count = { calls: 0, failures: 0, slow: 0 }
  ring.read(1, ring.tagOf(LIFE), count)
  if (count.calls > 1) throw new Error(`${count.calls} calls in a window of one`)
  return count.calls
}

/** Once everybody is done, the last results are all there, and none of before. */
const lastAreThere: Question = {
  check(cells) {
    const copy = new PrivateCells(cells.length)
    for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
    const ring = ringOf(copy)
    const head = ring.head()
    for (let back = 1; back <= RING; back++) {
      const count = { calls: 0, failures: 0, slow: 0 }
      ring.count(head - back, ring.tagOf(LIFE), count)
      if (count.calls !== 1)
        throw new Error(`the result of position ${head - back} is not there; ${head} were recorded`)
    }
  },
}

const races: readonly { before: string; acts: Body<ResultRing>[]; name: string; effort: Effort }[] = [
  { name: 'an empty ring, one and three results', before: '', acts: [records('F'), records('SFS')], effort: 'quick' },
  {
    name: 'after two successes, one and three more',
    before: 'SS',
    acts: [records('S'), records('SSS')],
    effort: 'quick',
  },
  {
    name: 'after two failures, two and three more',
    before: 'FF',
    acts: [records('SF'), records('SSF')],
    effort: 'quick',
  },
  { name: 'read as it comes round', before: 'SS', acts: [records('FS'), records('S'), reads], effort: 'default' },
]

const program: RacedProgram = {
  claim: 'A slow writer never overwrites a later result: the last results of all threads are in the ring.',

  cases: () =>
    races.map(
      ({ name, before, acts, effort }): RacedCase => ({
        name,
        effort,
        program: {
          cells: map.size,
          setup: (cells) => {
            const ring = ringOf(cells)
            for (const result of before) ring.record(ring.tagOf(LIFE), result === 'F' ? FAILED : 0)
            return (own) => ringOf(own)
          },
          threads: acts,
        } satisfies Program<ResultRing>,
        questions: { 'no-lost-update': lastAreThere, assertion: {} },
        how: { nameOfCell: (cell) => cellName(map, cell) },
      }),
    ),
}

export default program
