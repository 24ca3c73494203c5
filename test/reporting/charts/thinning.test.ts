import { expect } from 'chai'
import fc from 'fast-check'
import { thinned } from '../../../src/reporting/charts/thinning.js'

const lineOf = (length: number) =>
  fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null }), { minLength: length, maxLength: length })

describe('the thinning of lines', () => {
  it('keeps the smallest and the largest value of each line, within the number of points', () => {
    const lines = fc.integer({ min: 1, max: 300 }).chain((length) => fc.tuple(lineOf(length), lineOf(length)))
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 60 }), (given, pointsMax) => {
        const x = (given[0] ?? []).map((_, index) => index)
        const points = thinned({ x, lines: given }, pointsMax)
        expect(points.x.length).to.be.at.most(Math.max(pointsMax, 2))
        for (const [index, line] of given.entries()) {
          const kept = points.lines[index] ?? []
          expect(kept).to.have.lengthOf(points.x.length)
          const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null)
          expect(Math.min(...known(kept))).to.equal(Math.min(...known(line)))
          expect(Math.max(...known(kept))).to.equal(Math.max(...known(line)))
        }
      }),
    )
  })

  it('keeps the times in order, from the first to the last', () => {
    const x = Array.from({ length: 1001 }, (_, index) => index / 10)
    const points = thinned({ x, lines: [x] }, 100)
    expect(points.x).to.have.lengthOf(100)
    expect(points.x).to.deep.equal(points.x.toSorted((a, b) => a - b))
    expect([points.x[0], points.x.at(-1)]).to.deep.equal([0, 100])
  })

  it('keeps the order in which the smallest and the largest came', () => {
    const down = [9, 5, 1, 9, 5, 1]
    expect(thinned({ x: [0, 1, 2, 3, 4, 5], lines: [down] }, 4).lines[0]).to.deep.equal([9, 1, 9, 1])
    const up = down.toReversed()
    expect(thinned({ x: [0, 1, 2, 3, 4, 5], lines: [up] }, 4).lines[0]).to.deep.equal([1, 9, 1, 9])
  })

  it('leaves alone what is few enough', () => {
    const points = { x: [0, 1], lines: [[1, null]] }
    expect(thinned(points, 2)).to.equal(points)
  })
})
