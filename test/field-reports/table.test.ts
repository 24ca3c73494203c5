import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

const here = new URL('../../../test/field-reports/', import.meta.url)
const numbers = Array.from({ length: 40 }, (_, index) => String(index + 1).padStart(2, '0'))

/** The reports of which a file in this folder has a test. */
function testedIn(choose: (file: string) => boolean): Set<string> {
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && choose(file))
    .map((file) => readFileSync(new URL(file, here), 'utf8'))
  const named = sources.flatMap((source) => [...source.matchAll(/'field-report-(\d\d) /g)].map(([, number]) => number))
  // Two are of one text, told apart by a field.
  const varied = sources.flatMap((source) => [...source.matchAll(/^ {4}\['(\d\d)',/gm)].map(([, number]) => number))
  const templates = sources.flatMap((source) =>
    [...source.matchAll(/`field-report-(\d\d) /g)].map(([, number]) => number),
  )
  return new Set([...named, ...varied, ...templates] as string[])
}

describe('field reports: the table', () => {
  const rows = readFileSync(new URL('../../docs/field-reports.md', here), 'utf8')
    .split('\n')
    .filter((line) => /^\| \d\d /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it('has each of the forty once, and each has a test', () => {
    expect(rows.map(([, number]) => number)).to.deep.equal(numbers)
    const tested = testedIn((file) => !file.startsWith('peers') && !file.startsWith('models'))
    expect(numbers.filter((number) => !tested.has(number))).to.deep.equal([])
  })

  it('says of a peer that it fails still where a test shows it, and only there', () => {
    const said = rows
      .filter(([, , , , still]) => /^(opossum|cockatiel) \d/.test(still ?? ''))
      .map(([, number]) => number)
    expect(said).to.deep.equal([...testedIn((file) => file.startsWith('peers'))].sort())
  })
})
