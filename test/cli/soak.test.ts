import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { reportFileSchema } from '../../src/report-schema.js'
import { busbar } from './busbar.js'

const quick = ['--duration', '1s', '--no-snapshots']

describe('busbar soak', () => {
  it('refuses what contradicts itself, in one line that names the option', async () => {
    const refusals: [string[], RegExp][] = [
      [
        ['--no-snapshots', '--snapshot-dir', 'here'],
        /^error: --snapshot-dir and --no-snapshots contradict each other\n$/,
      ],
      [['--only', 'timer'], /^error: --only goes with --prove alone\n$/],
      [['--prove', 'soak-leak'], /^error: --prove has a scenario and targets of its own/],
      [['--prove', '--only', 'nothing'], /^error: --only "nothing" names none of the targets; there are: leaking\//],
      [['--kills', '2'], /^error: --kills 2: soak-leak watches/],
      [['--between', '21'], /^error: .*--between: "21" is not allowed; say a whole number from 0 to 20\n$/],
      [['no-such'], /^error: unknown scenario "no-such"; there are: /],
      [['memory-overhead', '--rate', '5'], /^error: --rate 5: memory-overhead calls as fast as it goes/],
    ]
    const ended = await Promise.all(refusals.map(([words]) => busbar(['soak', ...words])))
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect(stderr).to.match(refusals[index]?.[1] as RegExp)
      expect(stdout).to.equal('')
      expect(code).to.equal(2)
    }
  }).timeout(60_000)
})

describe('busbar soak @stress', function () {
  this.timeout(180_000)
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-soak-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('tells each thread’s pace, and writes a report that its schema allows and that names the command', async () => {
    const file = join(folder, 'soak.json')
    const { stdout } = await busbar([
      'soak',
      '--rate',
      '300',
      ...quick,
      '--report',
      `json=${file}`,
      '--report',
      'console',
    ])
    expect(stdout).to.match(/soak-leak on shared$/m)
    expect(stdout).to.match(/what each thread retains/)
    expect(stdout).to.match(/worker-1/)
    const { reports } = reportFileSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    expect(reports[0]?.command).to.match(/^npx busbar soak soak-leak --target shared .*--no-snapshots/)
  })

  it('soaks any other scenario too', async () => {
    const { stdout } = await busbar(['soak', 'extreme-load-async', '--in-flight', '20', ...quick])
    expect(stdout).to.match(/extreme-load-async on shared$/m)
    expect(stdout).to.match(/leak-free/)
  })

  it('proves itself on its own targets, throwing their snapshots away', async () => {
    const words = ['--prove', '--only', 'map-by-request', '--rate', '300', '--duration', '2s', '--workers', '1']
    const { stdout, stderr } = await busbar(['soak', ...words])
    expect(stderr).to.match(/^soak-leak on leaking\/map-by-request, 300 calls\/s: /m)
    // In two seconds nothing is proven but that the score is told.
    expect(stdout).to.match(/[01] of 1 leaks caught by name, 0 of 0 innocents let pass/)
    expect(stdout).to.include('Deduplicator.answers')
  })
})
