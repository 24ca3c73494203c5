import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readNoise, type Same, saveNoise, strayOf } from '../../src/baseline/noise.js'
import { evidence } from '../evidence-builder.js'

const same = (plan: string, ratios: number[]): Same => ({
  scenario: 'overhead-sync',
  target: 'shared',
  plan,
  ratios: { 'guarded ns': ratios },
})

describe('the noise of a machine', () => {
  it('is kept by plan: what was measured anew takes the old one’s place', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'busbar-')), 'noise.json')
    expect(await readNoise(file)).to.equal(undefined)
    const { environment } = evidence()
    await saveNoise(file, [same('a', [1.1])], [same('a', [2]), same('b', [3])], environment, 'then')
    expect((await readNoise(file))?.runs).to.deep.equal([same('b', [3]), same('a', [1.1])])
  })

  it('that can’t be read is named, with the field that is wrong', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'busbar-')), 'noise.json')
    await writeFile(file, '{"noiseVersion": 2}')
    const error = await readNoise(file).catch((reason: Error) => reason)
    expect((error as Error).message).to.match(/^noise .*noise\.json: noiseVersion: /)
  })

  it('is more where the same strays further, less of more pairs, and never nothing', () => {
    const near = [0.99, 1.01, 1, 1.02, 0.98, 1.01, 0.99, 1]
    const far = near.map((ratio) => 1 + 10 * (ratio - 1))
    expect(strayOf(far, 8)).to.be.above(strayOf(near, 8))
    expect(strayOf(far, 40)).to.be.below(strayOf(far, 8))
    expect(strayOf([1, 1, 1, 1, 1, 1], 8)).to.equal(0.01)
  })

  it('has in it that one side comes out worse than itself for a reason', () => {
    expect(strayOf([1.09, 1.1, 1.11, 1.1, 1.1, 1.1], 8)).to.be.closeTo(0.1, 0.005)
  })
})
