import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { outputsOf, writeReports } from '../../src/cli/reports.js'
import { report } from '../evidence-builder.js'

describe('where reports go', () => {
  const before = process.env.GITHUB_STEP_SUMMARY
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-reports-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
    if (before === undefined) delete process.env.GITHUB_STEP_SUMMARY
    else process.env.GITHUB_STEP_SUMMARY = before
  })

  const filesOf = async (...specifications: string[]) => {
    const outputs = await outputsOf(['console', ...specifications], 'base')
    return outputs.flatMap(({ file }) => file ?? [])
  }
  const write = async (specification: string) => {
    const outputs = await outputsOf([specification], 'base')
    await writeReports(
      [report()],
      outputs.filter(({ file }) => file !== undefined),
      process.stdout,
    )
  }

  it('is a folder if the path has no extension, and a file if it has one', async () => {
    expect(await filesOf(`html=${folder}/new`, `junit=${folder}/a.xml`)).to.deep.equal([
      join(folder, 'new', 'base.html'),
      `${folder}/a.xml`,
    ])
  })

  it('is what is there already, with an extension or without', async () => {
    await writeFile(join(folder, 'step_summary_1'), '')
    expect(await filesOf(`markdown=${folder}/step_summary_1`)).to.deep.equal([`${folder}/step_summary_1`])
  })

  it('is added to the summary of a step, where other commands of the step may have written', async () => {
    const file = join(folder, 'step_summary_2')
    await writeFile(file, 'written before\n')
    process.env.GITHUB_STEP_SUMMARY = file
    await write(`markdown=${file}`)
    expect(await readFile(file, 'utf8')).to.match(/^written before\n## ✅ Busbar: valid, 1 run\n/)
  })

  it('takes the place of what was in any other file', async () => {
    const file = join(folder, 'page.md')
    await writeFile(file, 'written before\n')
    await write(`markdown=${file}`)
    expect(await readFile(file, 'utf8')).to.match(/^## /)
  })

  it('is known to the reports of the same runs: a page links the JSON beside it', async () => {
    const outputs = await outputsOf([`html=${folder}/a.html`, `json=${folder}/b.json`], 'base')
    await writeReports(
      [report()],
      outputs.filter(({ file }) => file !== undefined),
      process.stdout,
    )
    expect(await readFile(join(folder, 'a.html'), 'utf8')).to.include('<a href="./b.json">')
  })
})
