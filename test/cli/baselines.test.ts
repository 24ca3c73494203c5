import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readBaseline, saveBaseline } from '../../src/baseline/baseline.js'
import { readNoise } from '../../src/baseline/noise.js'
import { busbar } from './busbar.js'

const quick = ['run', 'overhead-sync', '--requests', '2', '--quiet']

describe('busbar run with a baseline @stress', function () {
  this.timeout(90_000)
  let folder = ''
  const at = (name: string) => join(folder, name)
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-baselines-'))
    await busbar([...quick, '--repeat', '5', '--save-baseline', at('before.json'), '--history', at('history.jsonl')])
  })
  after(() => rm(folder, { recursive: true }))

  it('keeps the figures of each repetition', async () => {
    const { runs } = await readBaseline(at('before.json'))
    expect(runs.map(({ scenario, target }) => `${scenario} ${target}`)).to.deep.equal(['overhead-sync shared'])
    expect(runs[0]?.values['guarded call']).to.have.lengthOf(5)
    expect(runs[0]?.calibrationMs).to.have.lengthOf(5)
  })

  it('finds nothing worse in the same figures, and ends with 0', async () => {
    const { code, stdout } = await busbar(['compare', at('before.json'), at('before.json')])
    expect(stdout).to.match(/overhead-sync on shared +guarded call/)
    expect(stdout).not.to.match(/regressed/)
    expect(code).to.equal(0)
  })

  it('ends with 1 where something regressed, and writes the comparison', async () => {
    const before = await readBaseline(at('before.json'))
    const runs = before.runs.map((run) => {
      const values = Object.fromEntries(
        Object.entries(run.values).map(([name, list]) => [name, list.map((x) => 9 * x)]),
      )
      return { ...run, values }
    })
    await saveBaseline(at('worse.json'), { ...before, runs })
    const { code, stdout } = await busbar(['compare', at('before.json'), at('worse.json'), '--json', at('it.json')])
    expect(stdout).to.match(/^REGRESSED /m)
    expect(code).to.equal(1)
    expect(JSON.parse(await readFile(at('it.json'), 'utf8'))).to.include({ answer: 'regressed' })
  })

  it('compares its own runs with what was kept', async () => {
    const { code, stdout } = await busbar([...quick, '--repeat', '5', '--baseline', at('before.json')])
    expect(stdout).to.match(/\(metrics in brackets inform only\)/)
    expect(code).to.be.oneOf([0, 1])
  })

  it('leaves standard output to a report that is for programs', async () => {
    const words = [...quick, '--repeat', '5', '--baseline', at('before.json'), '--report', 'json']
    const { stdout, stderr } = await busbar(words)
    expect(JSON.parse(stdout)).to.have.property('reports')
    expect(stderr).to.match(/\(metrics in brackets inform only\)/)
  })

  it('refuses a baseline that it can’t read before it runs anything', async () => {
    await writeFile(at('broken.json'), '{}')
    const { code, stdout, stderr } = await busbar([...quick, '--baseline', at('broken.json')])
    expect(stderr).to.match(/^error: baseline .*broken\.json: baselineVersion: /)
    expect(stdout).to.equal('')
    expect(code).to.equal(2)
  })

  it('appends to a history that tells what changed', async () => {
    const { code, stdout } = await busbar(['history', at('history.jsonl')])
    expect(stdout).to.match(/overhead-sync on shared +guarded call +1 .* never/)
    expect(code).to.equal(0)
  })

  it('holds two targets against each other in turns, and keeps the noise of the machine', async () => {
    const words = [...quick, '--repeat', '6', '--against', 'shared', '--noise', at('noise.json')]
    const first = await busbar(words)
    expect(first.stdout).to.match(/overhead-sync on shared +guarded ns/)
    expect(first.stdout).not.to.match(/noise: /)
    const kept = await readNoise(at('noise.json'))
    expect(kept?.runs.map(({ ratios }) => ratios['guarded ns']?.length)).to.deep.equal([6])
    const second = await busbar(words)
    expect(second.stdout).to.match(/noise: .*noise\.json, of /)
    expect(await readNoise(at('noise.json'))).to.deep.equal(kept)
  })

  it('runs what measures no turns one after the other', async () => {
    const words = ['run', 'degradation', '--shape', 'soak', '--rate', '40', '--duration', '300ms', '--quiet']
    const { stdout } = await busbar([...words, '--repeat', '1', '--target', 'none', '--against', 'shared'])
    expect(stdout).to.match(/degradation on none +throughput /)
    expect(stdout).to.match(/throughput: 1 pairs; 6 are needed/)
    expect(stdout).to.match(/degradation on none +\(p95\) /)
  })

  it('finds what is many times as slow, and ends with 1', async () => {
    const words = [...quick, '--requests', '10', '--repeat', '7', '--target', 'opossum', '--against', 'none']
    const { code, stdout } = await busbar(words)
    expect(stdout).to.match(/^REGRESSED /m)
    expect(code).to.equal(1)
  })

  it('has no stored figures to compare with where two targets are run', async () => {
    const { code, stderr } = await busbar([...quick, '--against', 'none', '--baseline', at('before.json')])
    expect(stderr).to.match(/--against.*cannot be used with.*--baseline/)
    expect(code).to.equal(2)
  })

  it('searches for the highest rate, and says so where none will do', async () => {
    const words = ['run', 'degradation', '--shape', 'soak', '--rate', '4', '--duration', '300ms', '--find-limit', '1ms']
    const { code, stdout } = await busbar(words)
    expect(stdout).to.match(/^no rate that was tried keeps p99 ≤ 1 ms$/m)
    expect(stdout).to.match(/\n +2 .* beyond\n +4 .* beyond\n/)
    expect(code).to.equal(2)
  })

  it('has no limit to search for where a number is in flight', async () => {
    const { code, stderr } = await busbar(['run', 'degradation', '--find-limit', '1ms'])
    expect(stderr).to.match(/^error: --find-limit: degradation keeps a number of requests in flight/)
    expect(code).to.equal(2)
  })
})
