import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Program } from '../../src/explore/program.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { bruteForce } from './brute-force.js'
import { bodyOf, randomSources, type Shape, type Source } from './instructions.js'

const strategies = ['dpor', 'stateful', 'preemption-bounded'] as const

describe('every interleaving, tried one after another', () => {
  const claims: readonly [
    what: string,
    programs: number,
    shape: Shape,
    options: { deaths?: number; draws?: number[] },
  ][] = [
    ['two threads', 300, { threads: 2, instructions: 4, cells: 2 }, {}],
    ['three threads', 250, { threads: 3, instructions: 3, cells: 2 }, {}],
    ['64-bit cells beside 32-bit ones', 150, { threads: 2, instructions: 4, cells: 3, wide: true }, {}],
    ['calls and returns', 150, { threads: 3, instructions: 2, cells: 2, marks: true }, {}],
    ['draws of chance', 75, { threads: 2, instructions: 4, cells: 2, draws: true }, { draws: [0, 1, 2] }],
    ['a thread that dies', 75, { threads: 2, instructions: 4, cells: 2 }, { deaths: 1 }],
  ]
  for (const [what, programs, shape, { deaths = 0, draws = [0.5] }] of claims) {
    it(`agrees with what is explored: ${programs} programs of ${what}`, () => {
      for (let seed = 0; seed < programs; seed++) {
        const sources = randomSources(seededRandom(seed), shape)
        const program = { cells: shape.cells, threads: sources.map(bodyOf), deaths, random: draws }
        const expected = bruteForce(sources, { cells: shape.cells, deaths, draws })
        compare(`seed ${seed}`, program, sources, expected, deaths > 0)
      }
    }).timeout(60_000)
  }

  it('is too slow for larger programs, of which dpor and stateful still agree', () => {
    for (let seed = 0; seed < 150; seed++) {
      const sources = randomSources(seededRandom(seed), { threads: 3, instructions: 6, cells: 3 })
      const program: Program = { cells: 3, threads: sources.map(bodyOf) }
      const [one, other] = (['dpor', 'stateful'] as const).map((strategy) => explore({ ...program, strategy }))
      expect(keys(one?.outcomes), `seed ${seed}`).to.deep.equal(keys(other?.outcomes))
      expect(one?.exhausted && other?.exhausted).to.equal(true)
    }
  }).timeout(60_000)
})

function compare(
  seed: string,
  program: Program,
  sources: readonly Source[],
  expected: ReturnType<typeof bruteForce>,
  mayDie: boolean,
): void {
  const says = `${seed}: ${JSON.stringify(sources)}`
  for (const strategy of strategies) {
    const found = explore({ ...program, strategy })
    expect(found.verdict, says).to.equal('valid')
    expect(keys(found.outcomes), `${strategy}, ${says}`).to.deep.equal([...expected.outcomes].toSorted())
    if (strategy === 'dpor' && !mayDie) expect(found.traces, says).to.equal(expected.classes)
    if (strategy === 'stateful') expect(found.interleavings, says).to.equal(BigInt(expected.interleavings))
  }
}

function keys(outcomes: ReadonlyMap<string, number> | undefined): string[] {
  return [...(outcomes?.keys() ?? [])].toSorted()
}
