import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { busbar } from './busbar.js'

describe('busbar race and busbar replay @stress', () => {
  it('race says its score, and writes its report', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'busbar-race-'))
    try {
      const file = join(folder, 'deep', 'race.json')
      const { code, stdout } = await busbar(['race', '--quick', '--only', 'broken/lost', '--json', file])
      expect(stdout).to.match(/VALID {2}race, quick/)
      expect(stdout).to.match(/detection score 100 %: 3 of 3 checks/)
      expect(code).to.equal(0)
      expect(JSON.parse(await readFile(file, 'utf8')).detections).to.have.lengthOf(3)
    } finally {
      await rm(folder, { recursive: true })
    }
  }).timeout(60_000)

  it('replay finds a failure, and shows it again', async () => {
    const found = await busbar(['replay', 'broken/lost-update/no-lost-update'])
    expect(found.code).to.equal(1)
    const [, schedule = ''] = /again .* '(\w+)'/.exec(found.stdout) ?? []
    const shown = await busbar(['replay', 'broken/lost-update/no-lost-update', schedule])
    expect(shown.code).to.equal(1)
    expect(shown.stdout).to.equal(found.stdout)
    const mended = await busbar(['replay', 'mended/lost-update/no-lost-update'])
    expect(mended.code).to.equal(0)
    expect(mended.stdout).to.match(/nothing is wrong in \d+ executions, which is all/)
  }).timeout(60_000)

  for (const [name, words, message] of [
    [
      'nothing of that name',
      ['race', '--quick', '--only', 'nope'],
      /^error: --only "nope" names nothing that there is/,
    ],
    ['two efforts', ['race', '--quick', '--deep'], /--quick.* cannot be used with .*--deep/],
    ['a duration without --deep', ['race', '--duration', '1h'], /^error: --duration goes with --deep alone/],
    ['no duration', ['race', '--deep', '--duration', '5'], /^error: --duration: "5" is no duration/],
    ['no seed', ['race', '--seed', 'x'], /^error: --seed is x; allowed: a whole number of 32 bits/],
    ['an unknown target', ['replay', 'nope'], /^error: "nope" is not known; allowed: broken, programs, litmus, mended/],
    ['no schedule', ['replay', 'broken/lost-update', 'a2?'], /^error: no schedule from character 3 on: "\?"/],
    [
      'a schedule of something else',
      ['replay', 'broken/lost-update', 'c9'],
      /^error: step 1 of the schedule: thread 2 cannot/,
    ],
  ] as const) {
    it(`refuses ${name} in one line`, async () => {
      const { code, stderr } = await busbar([...words])
      expect(stderr).to.match(message)
      expect(stderr.trim().split('\n')).to.have.lengthOf(1)
      expect(code).to.equal(2)
    }).timeout(20_000)
  }
})
