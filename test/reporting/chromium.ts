import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'undici'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const answerMsMax = 15_000

/** The command of a Chromium, `$CHROME_PATH` first; undefined where there is none. */
export function chromium(): string | undefined {
  const candidates = [process.env.CHROME_PATH, ...names].filter((name) => name !== undefined)
  return candidates.find((name) => spawnSync(name, ['--version']).status === 0)
}

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly request?: { readonly url: string } }
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** A page in a headless browser, driven over the DevTools protocol; it remembers what went wrong and what was asked for. */
export class BrowserPage implements AsyncDisposable {
  /** Exceptions, and whatever was written to the console. */
  readonly complaints: string[] = []
  readonly requests: string[] = []
  readonly #process: ChildProcess
  readonly #folder: string
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  readonly #events = new Map<string, () => void>()
  #session: string | undefined
  #nextId = 1

  private constructor(process: ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process
    this.#folder = folder
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))))
  }

  static async open(command: string, width: number, height: number): Promise<BrowserPage> {
    const folder = await mkdtemp(join(tmpdir(), 'busbar-browser-'))
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0']
    const browser = spawn(command, [...flags, `--user-data-dir=${folder}`, 'about:blank'])
    const socket = new WebSocket(await addressOf(browser))
    await once(socket, 'open', { signal: AbortSignal.timeout(answerMsMax) })
    const page = new BrowserPage(browser, folder, socket)
    const { targetId } = await page.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await page.send('Target.attachToTarget', { targetId, flatten: true })
    page.#session = String(sessionId)
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`)
    const mobile = width < 600
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile })
    await page.send('Emulation.setTouchEmulationEnabled', { enabled: mobile })
    return page
  }

  async theme(theme: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: theme }] })
  }

  /** Resolves once the page has loaded and its scripts have run. */
  async go(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#events.set('Page.loadEventFired', resolve))
    await this.send('Page.navigate', { url })
    await loaded
  }

  /** The value of an expression, which may be a promise. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails))
    return (answer.result as { value?: unknown }).value
  }

  /** A PNG of the whole page, in base64. */
  async picture(): Promise<string> {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true })
    return String(data)
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = this.#nextId++
    const answered = new Promise<Answer>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${method}: no answer in ${answerMsMax} ms`)), answerMsMax)
      this.#waiting.set(id, (answer) => {
        clearTimeout(limit)
        resolve(answer)
      })
    })
    this.#socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }))
    const { result = {}, error } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#socket.close()
    this.#process.kill('SIGKILL')
    await ended
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #receive(answer: Answer): void {
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
      return
    }
    const { method = '', params } = answer
    if (['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'].includes(method)) {
      this.complaints.push(JSON.stringify(params))
    }
    if (method === 'Network.requestWillBeSent' && params?.request) this.requests.push(params.request.url)
    this.#events.get(method)?.()
  }
}

async function addressOf(browser: ChildProcess): Promise<string> {
  if (!browser.stderr) throw new Error('the browser has no standard error')
  const signal = AbortSignal.timeout(answerMsMax)
  for await (const line of createInterface({ input: browser.stderr, signal })) {
    const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1]
    if (address !== undefined) {
      browser.stderr.resume()
      return address
    }
  }
  throw new Error(`the browser did not open in ${answerMsMax} ms`)
}

/** A file's page, 800 pixels high. */
export async function openedPage(
  command: string,
  url: string,
  width: number,
  theme: 'light' | 'dark',
): Promise<BrowserPage> {
  const page = await BrowserPage.open(command, width, 800)
  await page.theme(theme)
  await page.go(url)
  return page
}
