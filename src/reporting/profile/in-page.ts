import type { FlameData, FlameNode } from './flame-data.js'

/** The little of a browser that is used; the project compiles without its types, as everything else runs in Node. */
interface Part {
  textContent: string | null
  value: string
  checked: boolean
  hidden: boolean
  readonly clientWidth: number
  readonly dataset: Readonly<Record<string, string | undefined>>
  querySelectorAll(selector: string): Iterable<Part>
  addEventListener(type: string, listener: () => void): void
  replaceChildren(): void
}

interface Drawn {
  readonly name: string
  readonly place: string
  readonly category: string
  readonly self: number
  readonly value: number
  readonly children: readonly Drawn[]
}

interface DrawnFrame {
  readonly data: Drawn
  readonly highlight?: boolean
}

/** d3-flame-graph, as far as it is used; it has no types of its own. */
interface Chart {
  width(pixels: number): Chart
  cellHeight(pixels: number): Chart
  minFrameSize(pixels: number): Chart
  transitionDuration(durationMs: number): Chart
  inverted(rootAtTop: boolean): Chart
  resetHeightOnZoom(reset: boolean): Chart
  setColorMapper(color: (frame: DrawnFrame) => string): Chart
  setLabelHandler(label: (frame: DrawnFrame) => string): Chart
  setDetailsHandler(show: (label: string | null) => void): Chart
  setSearchMatch(matches: (frame: DrawnFrame, term: string) => boolean): Chart
  setSearchHandler(found: (frames: readonly DrawnFrame[], sum: number, total: number) => void): Chart
  onClick(clicked: (frame: DrawnFrame) => void): Chart
  search(term: string): void
  clear(): void
  resetZoom(): void
  update(): void
}

export interface Browser {
  readonly document: { querySelectorAll(selector: string): Iterable<Part> }
  readonly d3: { select(part: Part): { datum(data: Drawn): { call(chart: Chart): void } } }
  readonly flamegraph: { default(): Chart }
  readonly ResizeObserver: new (resized: () => void) => { observe(part: Part): void }
  matchMedia(query: string): { readonly matches: boolean }
}

/**
 * Draws the flame graphs of a page. It runs in the page, where its own text is all that there is of it: so it uses nothing
 * from outside itself but what it is given.
 */
export function showFlames(browser: Browser): void {
  const { document, d3, flamegraph, ResizeObserver } = browser
  const touch = browser.matchMedia('(pointer: coarse)').matches
  const still = browser.matchMedia('(prefers-reduced-motion: reduce)').matches
  for (const section of document.querySelectorAll('.flame')) show(section)

  function show(section: Part): void {
    const data: FlameData = JSON.parse(part(section, '.flame-data').textContent ?? '')
    const canvas = part(section, '.flame-chart')
    const details = part(section, '.flame-details')
    const thread = part(section, '.flame-thread')
    const term = part(section, '.flame-search')
    const waiting = part(section, '.flame-waiting')
    let chart: Chart | undefined
    let total = 0
    /** What the line under the controls says while nothing is pointed at. */
    let standing = ''

    thread.addEventListener('change', draw)
    waiting.addEventListener('change', draw)
    term.addEventListener('input', search)
    part(section, '.flame-reset').addEventListener('click', () => {
      term.value = ''
      draw()
    })
    new ResizeObserver(() => {
      if (canvas.clientWidth > 0) chart?.width(canvas.clientWidth).update()
    }).observe(canvas)
    draw()

    function draw(): void {
      const chosen = data.threads[Number(thread.value)]
      for (const table of section.querySelectorAll('[data-thread]'))
        table.hidden = table.dataset.thread !== thread.value
      if (!chosen) return
      const root = drawn(chosen.root) ?? { name: '', place: '', category: 'root', self: 0, value: 0, children: [] }
      total = root.value
      canvas.replaceChildren()
      chart = flamegraph
        .default()
        .width(canvas.clientWidth)
        .cellHeight(touch ? 24 : 19)
        .minFrameSize(1)
        .transitionDuration(still ? 0 : 200)
        .inverted(true)
        .resetHeightOnZoom(true)
        .setColorMapper((frame) => `var(--flame-${frame.highlight ? 'found' : frame.data.category})`)
        .setLabelHandler(label)
        .setDetailsHandler((text) => tell(text ?? standing))
        .setSearchMatch(({ data: { name, place } }, text) => `${name} ${place}`.toLowerCase().includes(text))
        .setSearchHandler((frames, sum) => stand(`${frames.length} found, ${share(sum)} of the samples`))
        // Fingers don't hover: what was touched is told until something else is.
        .onClick((frame) => stand(label(frame)))
      d3.select(canvas)
        .datum({ ...root, name: chosen.thread, category: 'root' })
        .call(chart)
      search()
    }

    function search(): void {
      const text = term.value.trim().toLowerCase()
      if (text === '') chart?.clear()
      else chart?.search(text)
      if (text === '') stand(total > 0 ? '' : 'Nothing but waiting was sampled.')
    }

    /** Totals are summed up here, of what is shown; undefined for what is not. */
    function drawn([frame, categoryIndex, self, children = []]: FlameNode): Drawn | undefined {
      const category = data.categories[categoryIndex] ?? ''
      if (category === 'idle' && !waiting.checked) return undefined
      const [name, place] = data.frames[frame] ?? ['', '']
      const below = children.map(drawn).filter((child) => child !== undefined)
      const value = below.reduce((sum, child) => sum + child.value, self)
      return value > 0 ? { name, place, category, self, value, children: below } : undefined
    }

    function label({ data: { name, place, self, value } }: DrawnFrame): string {
      const where = place === '' ? '' : ` (${place})`
      return `${name}${where}: ${amount(value)} in all, ${share(value)}; ${amount(self)} of its own, ${share(self)}`
    }

    function share(value: number): string {
      return total > 0 ? `${((100 * value) / total).toFixed(1)} %` : '0 %'
    }

    function amount(value: number): string {
      if (data.unit === 'bytes')
        return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`
      return value < 1e6 ? `${(value / 1e3).toFixed(1)} ms` : `${(value / 1e6).toFixed(2)} s`
    }

    function stand(text: string): void {
      standing = text
      tell(text)
    }

    function tell(text: string): void {
      details.textContent = text === '' ? (details.dataset.hint ?? '') : text
    }
  }

  function part(section: Part, selector: string): Part {
    const [found] = section.querySelectorAll(selector)
    if (!found) throw new Error(`the page has no ${selector}`)
    return found
  }
}
