import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import reporter from '../../../src/reporters/html.js'
import { evidence, report } from '../../evidence-builder.js'
import { chromium, openedPage } from '../chromium.js'
import { sampledEvidence } from '../sampled-evidence.js'

const bad = {
  checker: 'outage-recovery',
  question: 'Did it open?',
  result: 'invalid' as const,
  summary: 'it never opened',
  details: ['nothing was refused in the outage'],
}
const sampling = { durationMs: 4000, everyMs: 100, workers: 8 }
const shared = report({ evidence: sampledEvidence({ ...sampling, own: false, transitions: 5 }) })
const own = report({
  result: 'invalid',
  verdicts: [bad],
  evidence: sampledEvidence({ ...sampling, own: true, transitions: 40 }, { profiles: ['profiles/a.cpuprofile'] }),
})

/** For each canvas of a chart, how many of its pixels have exactly the colour of a variable of the page. */
const pixels = (variable: string) => `(() => {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = 'var(${variable})'
  const [red, green, blue] = getComputedStyle(probe).color.match(/\\d+/g).map(Number)
  probe.remove()
  return [...document.querySelectorAll('.chart canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count += 1
    }
    return count
  })
})()`
/** Each drawn picture once: what the charts of the page look like. */
const pictures = `[...document.querySelectorAll('.chart canvas')].map((canvas) => canvas.toDataURL())`
const drawn = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))'

describe('the report page in a browser @slow', () => {
  const command = chromium()
  let folder = ''
  let url = ''
  before(async function () {
    // Without a browser there is nothing to ask; CHROME_PATH names one that is not on the path.
    if (command === undefined) this.skip()
    folder = await mkdtemp(join(tmpdir(), 'busbar-page-'))
    const file = join(folder, 'page.html')
    await writeFile(file, reporter.render([shared, own], { color: false, width: 80, file }))
    url = pathToFileURL(file).href
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const opened = async (width: number, theme: 'light' | 'dark', address = url) => {
    const page = await openedPage(command ?? '', address, width, theme)
    await page.evaluate(drawn)
    return page
  }

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1200]) {
      it(`draws every chart at ${width} pixels in the ${theme}, without a complaint or a request, and never scrolls sideways`, async () => {
        await using page = await opened(width, theme)
        const lines = (await page.evaluate(pixels('--line-0'))) as number[]
        expect(await page.evaluate(`document.querySelectorAll('.chart').length`)).to.equal(10)
        expect(lines).to.have.lengthOf(10)
        // Every chart but that of the refusals, which only one stage has, draws with the first colour.
        expect(lines.filter((count) => count > 50)).to.have.lengthOf(8)
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width)
        expect(page.requests).to.deep.equal([url])
        expect(page.complaints).to.deep.equal([])
      })
    }
  }

  it('draws the states of the circuit below the throughput, and nowhere else', async () => {
    await using page = await opened(1200, 'light')
    for (const state of ['closed', 'open', 'half-open']) {
      const counts = (await page.evaluate(pixels(`--state-${state}`))) as number[]
      expect(counts.filter((count) => count > 500)).to.have.lengthOf(2)
      expect(counts[0]).to.be.above(500)
    }
  })

  it('draws again when the theme changes while it is open', async () => {
    await using page = await opened(1200, 'light')
    const before = await page.evaluate(pictures)
    await page.theme('dark')
    await page.evaluate(drawn)
    const after = (await page.evaluate(pictures)) as string[]
    expect(after.filter((picture, index) => picture === (before as string[])[index])).to.deep.equal([])
    expect(page.complaints).to.deep.equal([])
  })

  it('draws again when the window becomes narrower', async () => {
    await using page = await opened(1200, 'light')
    const width = `document.querySelector('.chart canvas').clientWidth`
    const wide = await page.evaluate(width)
    await page.send('Emulation.setDeviceMetricsOverride', {
      width: 500,
      height: 800,
      deviceScaleFactor: 1,
      mobile: false,
    })
    await page.evaluate(drawn)
    expect(await page.evaluate(width))
      .to.be.below(Number(wide))
      .and.at.most(500)
  })

  it('jumps to the first failure', async () => {
    await using page = await opened(1200, 'light')
    await page.evaluate(`document.querySelector('.jump').click()`)
    expect(await page.evaluate('location.hash')).to.equal('#run-2-outage-recovery')
    const top = `document.querySelector(':target').getBoundingClientRect().top`
    expect(await page.evaluate(top)).to.be.within(0, 800)
  })

  it('tells of the moment that is pointed at: figures, stage, and state of the circuit', async () => {
    await using page = await opened(1200, 'light')
    const place = `document.querySelector('.chart .u-over').getBoundingClientRect()`
    await page.evaluate(`document.querySelector('.chart').scrollIntoView()`)
    const at = JSON.parse(String(await page.evaluate(`JSON.stringify(${place})`))) as Record<string, number>
    // Of five transitions the first, at 0.67 s, opens the circuit; the second is at 1.33 s.
    const x = (at.left ?? 0) + (at.width ?? 0) * (0.9 / 4)
    await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y: (at.top ?? 0) + 20 })
    await page.evaluate(drawn)
    const reading = await page.evaluate(`document.querySelector('.chart-reading').textContent`)
    expect(reading).to.equal('0.9 s · warm-up · open')
    expect(await page.evaluate(`document.querySelector('.u-value').textContent`)).to.match(/ s$/)
    expect(page.complaints).to.deep.equal([])
  })

  it('opens with what little a run left behind', async () => {
    const nothing = evidence({
      stages: [],
      workers: [],
      circuits: [],
      memory: { samples: [], baselineMb: 0, growthMb: 0, threadsGrowthMb: 0 },
      throughput: [],
      lastErrors: [],
      durationMs: 0,
    })
    const file = join(folder, 'nothing.html')
    const empty = report({ result: 'unknown', verdicts: [], evidence: nothing })
    await writeFile(file, reporter.render([empty], { color: false, width: 80, file }))
    await using page = await opened(360, 'dark', pathToFileURL(file).href)
    expect(await page.evaluate(`document.querySelectorAll('.chart canvas').length`)).to.equal(1)
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360)
    expect(page.complaints).to.deep.equal([])
  })
})
