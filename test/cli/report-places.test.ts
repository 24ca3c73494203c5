import { join } from 'node:path'
import { expect } from 'chai'
import { baseNameOf, outputsOf } from '../../src/cli/reports.js'
import { refusal, TemporaryFolder } from '../temporary-folder.js'

const reporterText = "export default { name: 'mine', description: 'mine', extension: 'txt', render: () => 'mine' }"

describe('the places of reports', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  it('is the file that is said, or in the folder that is, beside the console where none is there yet', async () => {
    const outputs = await outputsOf(
      [`json=${join(folder.path, 'a.json')}`, `json=${join(folder.path, 'into')}`],
      'base',
    )
    expect(outputs.map(({ reporter, file }) => [reporter.name, file])).to.deep.equal([
      ['console', undefined],
      ['json', join(folder.path, 'a.json')],
      ['json', join(folder.path, 'into', 'base.json')],
    ])
  })

  it('is told from the path of a reporter of the user’s own by what that ends in', async () => {
    const reporter = await folder.write('a=b/mine.mjs', reporterText)
    const outputs = await outputsOf([reporter, `${reporter}=${join(folder.path, 'c=d.txt')}`], 'base')
    expect(outputs.map(({ reporter: { name }, file }) => [name, file])).to.deep.equal([
      ['mine', undefined],
      ['mine', join(folder.path, 'c=d.txt')],
    ])
    const { message } = await refusal(outputsOf([`${reporter}=`], 'base'))
    expect(message).to.match(/^--report: ".*mine\.mjs=" names no file; say .*mine\.mjs or .*mine\.mjs=path$/)
  })

  it('is named after the one thing that was run', () => {
    expect(baseNameOf(['plans/nightly.yaml'])).to.equal('nightly')
    expect(baseNameOf(['dead-backend'])).to.equal('dead-backend')
    expect(baseNameOf(['dead-backend', 'nightly.yaml'])).to.equal('busbar')
  })
})
