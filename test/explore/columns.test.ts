import { expect } from 'chai'
import { PathCounts } from '../../src/explore/state/path-counts.js'
import { RowTable } from '../../src/explore/state/row-table.js'
import { numbers } from '../../src/memory/columns.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { whole } from '../history/operations.js'

describe('a table of rows', () => {
  it('gives equal rows one number, and others another, however many there are', () => {
    const random = seededRandom(1)
    const table = new RowTable()
    const known = new Map<string, number>()
    const row = numbers(12)
    for (let time = 0; time < 50_000; time++) {
      const length = whole(random, 12)
      for (let at = 0; at < length; at++) row[at] = whole(random, 3) - 1
      const key = row
        .subarray(0, length)
        .join()
        .replace(/(,?\b0)+$/, '')
      const trimmed = trim([...row.subarray(0, length)])
      const number = table.add(row, length)
      const before = known.get(trimmed)
      expect(table.isNew, key).to.equal(before === undefined)
      if (before === undefined) known.set(trimmed, number)
      else expect(number).to.equal(before)
    }
    expect(table.size).to.equal(known.size)
    expect(new Set(known.values()).size).to.equal(known.size)
    expect(table.bytes).to.be.above(known.size)
  })
})

function trim(row: number[]): string {
  while (row.at(-1) === 0) row.pop()
  return row.join()
}

describe('counts of paths', () => {
  it('are exact, however large', () => {
    const random = seededRandom(2)
    const [sums, paths] = [new PathCounts(), new PathCounts()]
    const exact: bigint[] = [1n]
    paths.setOne(0)
    for (let index = 1; index < 3000; index++) {
      sums.setZero(5000)
      let expected = 0n
      for (let summand = 0; summand < 3; summand++) {
        const from = Math.max(0, index - 1 - whole(random, 4))
        sums.add(5000, paths, from)
        expected += exact[from] as bigint
      }
      paths.copy(index, sums, 5000)
      exact.push(expected)
      expect(paths.at(index)).to.equal(expected)
    }
    expect(exact.at(-1)).to.be.a('bigint')
    expect((exact.at(-1) as bigint) > 2n ** 300n).to.equal(true)
  })

  it('begin anew where they are set', () => {
    const counts = new PathCounts()
    counts.setOne(3)
    for (let doubling = 0; doubling < 200; doubling++) counts.add(3, counts, 3)
    expect(counts.at(3)).to.equal(2n ** 200n)
    counts.setOne(3)
    expect(counts.at(3)).to.equal(1n)
  })
})
