import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { busbar, type Ended } from './busbar.js'

describe('busbar profile @stress', function () {
  this.timeout(120_000)
  let folder = ''
  let ended: Ended
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-profile-'))
    const words = ['--workers', '2', '--duration', '500ms', '--profile', 'cpu,allocation', '--profile-dir', folder]
    ended = await busbar(['profile', 'extreme-load-async', ...words])
  })
  after(() => rm(folder, { recursive: true }))
  const written = async (ending: string) => {
    const name = (await readdir(folder)).find((file) => file.endsWith(ending))
    return name === undefined ? undefined : readFile(join(folder, name), 'utf8')
  }

  it('prints shares of each thread, the functions that cost most, and how to open each file', () => {
    for (const thread of ['all threads', 'coordinator', 'worker-0', 'worker-1']) {
      expect(ended.stdout).to.match(new RegExp(`^ +${thread}( +[\\d.]+){6}`, 'm'))
    }
    expect(ended.stdout).to.match(/^all threads: most of their own, /m)
    expect(ended.stdout).to.match(/src\/stress\/load\/closed\.js:\d+/)
    expect(ended.stdout).to.match(/\.cpuprofile \(3\)\n +Chrome DevTools/)
    expect(ended.code).to.be.oneOf([0, 1])
  })

  it('writes a page of flame graphs that asks the network for nothing', async () => {
    const page = await written('.html')
    expect(page).to.contain('<title>extreme-load-async on shared').and.to.contain("default-src 'none'")
  })

  it('writes one file of all threads for speedscope', async () => {
    const { profiles } = JSON.parse((await written('.speedscope.json')) ?? '{}')
    expect(profiles.map(({ name }: { name: string }) => name)).to.include.members([
      'coordinator',
      'worker-0',
      'worker-0 (allocations)',
      'worker-1',
    ])
  })

  it('tells the difference of two runs; of a run and itself there is none', async () => {
    const { code, stdout } = await busbar(['profile', '--diff', folder, folder])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^hotter, % of the busy time\n +nothing$/m)
    expect(stdout).to.match(/^ +breaker +([\d.]+) +\1 +0\.0$/m)
  })

  it('refuses what no profiler has written, naming file and field', async () => {
    const file = join(folder, 'broken.cpuprofile')
    await writeFile(file, '{"nodes":[]}')
    const { code, stderr } = await busbar(['profile', '--diff', file, file])
    await rm(file)
    expect(code).to.equal(2)
    expect(stderr).to.match(/^error: profile .*broken\.cpuprofile is not what V8 writes: nodes/)
  })
})
