import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

const example = fileURLToPath(new URL('../../examples/cost-breaker/service.js', import.meta.url))

describe('the example of a cost breaker', function () {
  this.timeout(60_000)

  it('slows down and refuses, and no budget is overspent', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [example, '--workers', '2', '--calls', '700'])
    const [, spent] = /common, day: spent ([\d.]+) of 1\.500000\n/.exec(stdout) ?? []
    expect(Number(spent)).to.be.within(1.4, 1.5)
    expect(stdout).to.not.include('OVERSPENT')
    expect(stdout).to.match(/throttled [1-9]\d*, over a budget [1-9]/)
    expect(stdout).to.match(/anna, day: spent [\d.]+ of 1\.000000/)
    expect(stdout).to.include('"decision":"refused"')
  })
})
