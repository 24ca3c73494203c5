import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import { flamePage } from '../../../src/reporting/profile/flame-page.js'
import { call, coordinator, cpuProfile, idle } from '../../profiler/analysis/profiles.js'
import { chromium, openedPage } from '../chromium.js'

const mine = call('mine', 'file:///app/mine.js', 3)
const other = call('other', 'file:///app/(other).js', 9)

const analyses = analyseProfiles([
  cpuProfile('coordinator', [
    [10, [coordinator]],
    [90, [idle]],
  ]),
  cpuProfile('worker-0', [
    [30, [mine]],
    [70, [mine, other]],
  ]),
])

/** Whatever a person does to a control: sets it, and the page hears of it. */
const set = (selector: string, property: string, value: unknown, event: string) =>
  `{ const control = document.querySelector('${selector}'); control.${property} = ${JSON.stringify(value)};
     control.dispatchEvent(new Event('${event}')) }`
const frames = `[...document.querySelectorAll('.frame')].map((frame) => frame.getAttribute('name')).sort().join()`
const details = `document.querySelector('.flame-details').textContent`

describe('the page of flame graphs in a browser @slow', () => {
  const command = chromium()
  let folder = ''
  let url = ''
  before(async function () {
    // Without a browser there is nothing to ask; CHROME_PATH names one that is not on the path.
    if (command === undefined) this.skip()
    folder = await mkdtemp(join(tmpdir(), 'busbar-page-'))
    const file = join(folder, 'page.html')
    await writeFile(file, flamePage(analyses, 'extreme-load-async on shared'))
    url = pathToFileURL(file).href
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const opened = (width: number, theme: 'light' | 'dark') => openedPage(command ?? '', url, width, theme)

  for (const theme of ['light', 'dark'] as const) {
    it(`draws without a complaint, asks for nothing but itself, and fits a phone, in ${theme}`, async () => {
      await using page = await opened(390, theme)
      expect(await page.evaluate(frames)).to.equal('all threads,carryOut,mine,other')
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(390)
      expect(page.requests).to.deep.equal([url])
      expect(page.complaints).to.deep.equal([])
    })
  }

  it('has colours of its own for each theme, and text that is read on them', async () => {
    const colours: unknown[] = []
    for (const theme of ['light', 'dark'] as const) {
      await using page = await opened(1200, theme)
      colours.push(await page.evaluate(`getComputedStyle(document.querySelector('.frame[name=mine] rect')).fill`))
    }
    expect(colours[0]).to.match(/^rgb/)
    expect(colours[0]).not.to.equal(colours[1])
  })

  it('shows the chosen thread, and its tables', async () => {
    await using page = await opened(1200, 'light')
    await page.evaluate(set('.flame-thread', 'value', '1', 'change'))
    expect(await page.evaluate(frames)).to.equal('carryOut,coordinator')
    const shown = `[...document.querySelectorAll('[data-thread]')].filter((table) => !table.hidden).map((table) => table.dataset.thread).join()`
    expect(await page.evaluate(shown)).to.equal('1')
    expect(page.complaints).to.deep.equal([])
  })

  it('shows waiting only if asked', async () => {
    await using page = await opened(1200, 'light')
    await page.evaluate(set('.flame-waiting', 'checked', true, 'change'))
    expect(await page.evaluate(frames)).to.equal('(idle),all threads,carryOut,mine,other')
  })

  it('finds by file as by name, takes brackets for brackets, and tells how much was found', async () => {
    await using page = await opened(1200, 'light')
    await page.evaluate(set('.flame-search', 'value', '(OTHER', 'input'))
    expect(await page.evaluate(details)).to.equal('1 found, 63.6 % of the samples')
    await page.evaluate(set('.flame-search', 'value', '', 'input'))
    expect(await page.evaluate(details)).to.include('Callers stand above')
    expect(page.complaints).to.deep.equal([])
  })

  it('tells the figures of a frame that was chosen, and shows it alone until the whole graph is wanted', async () => {
    await using page = await opened(1200, 'light')
    await page.evaluate(`document.querySelector('.frame[name=other]').dispatchEvent(new MouseEvent('click'))`)
    expect(await page.evaluate(details)).to.equal(
      'other (/app/(other).js:9): 70.0 ms in all, 63.6 %; 70.0 ms of its own, 63.6 %',
    )
    expect(await page.evaluate(frames)).to.equal('all threads,mine,other')
    await page.evaluate(`document.querySelector('.flame-reset').click()`)
    expect(await page.evaluate(frames)).to.equal('all threads,carryOut,mine,other')
    expect(page.complaints).to.deep.equal([])
  })
})
