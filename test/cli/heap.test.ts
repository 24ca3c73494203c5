import { expect } from 'chai'
import { heapGrowthSchema } from '../../src/profiler/heap/growth.js'
import { snapshotsOfLeaks } from '../profiler/heap/snapshots-of-leaks.js'
import { busbar } from './busbar.js'

describe('busbar heap @stress', () => {
  it('tells of one snapshot what the heap is made of', async () => {
    const { after } = await snapshotsOfLeaks()
    const { code, stdout } = await busbar(['heap', after, '--top', '5'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^[\d,]+ objects, [\d.]+ MB\n/)
    expect(stdout).to.match(/\n {2}\(string\) +strings +[\d,]+ +[\d.]+ KB\n/)
    expect(stdout).to.match(/\n {2}and \d+ more\n$/)
  })

  it('tells of two what grew, who holds it and by which way', async () => {
    const { before, after } = await snapshotsOfLeaks()
    const { code, stdout } = await busbar(['heap', before, after])
    expect(code).to.equal(0)
    expect(stdout).to.match(/\n {2}ArrayLeak\.calls {2}1,000 × Request, [\d.]+ KB retained \(target\)\n/)
    expect(stdout).to.include('→ ArrayLeak.calls → Array[…] → Request\n')
  })

  it('tells it as JSON', async () => {
    const { before, between, after } = await snapshotsOfLeaks()
    const { code, stdout } = await busbar(['heap', before, between, after, '--json', '--top', '3'])
    expect(code).to.equal(0)
    const growth = heapGrowthSchema.parse(JSON.parse(stdout))
    expect(growth.clusters).to.have.lengthOf(3)
  })

  const refused: Record<string, [words: string[], line: RegExp]> = {
    'no file': [['heap'], /^error: missing required argument 'files'/],
    'a file that is not there': [['heap', 'no/such'], /^error: heap snapshot no\/such: ENOENT/],
    'what is no snapshot': [['heap', 'package.json'], /^error: heap snapshot package.json: it does not begin as/],
    'four files': [['heap', 'a', 'b', 'c', 'd'], /^error: 4 snapshots are not allowed; name one to 3/],
    'no rows': [['heap', 'a', '--top', '0'], /^error: --top: "0" is not allowed; say a whole number from 1/],
  }
  for (const [what, [words, line]] of Object.entries(refused)) {
    it(`refuses ${what} in one line`, async () => {
      const { code, stdout, stderr } = await busbar(words)
      expect(code).to.equal(2)
      expect(stdout).to.equal('')
      expect(stderr)
        .to.match(line)
        .and.match(/^[^\n]*\n$/)
    })
  }
})
