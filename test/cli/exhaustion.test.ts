import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { TemporaryFolder } from '../temporary-folder.js'

const entry = fileURLToPath(new URL('../../src/cli/busbar.js', import.meta.url))
const words = ['run', 'resource-exhaustion', '--case', 'cpu,disk', '--duration', '10m']

describe('busbar run resource-exhaustion, interrupted @stress', function () {
  this.timeout(90_000)
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  /** Ends once the command has; `onProgress` sees what was written to standard error so far. */
  function started(onProgress: (stderr: string, child: ChildProcess) => void) {
    const env = { ...process.env, TMPDIR: folder.path }
    const child = spawn(process.execPath, [entry, ...words], { env, timeout: 60_000, killSignal: 'SIGKILL' })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onProgress(stderr, child)
    })
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, stdout, stderr }))
    })
  }

  /** Processes that were started with the folder for theirs, as everything is that a case starts. */
  function living(): string[] {
    return readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder.path)
      } catch {
        return false
      }
    })
  }

  /** Those that were killed are gone with the next turn of the system, not at once. */
  async function allGone(): Promise<string[]> {
    for (let look = 0; look < 100 && living().length > 0; look += 1) await sleep(50)
    return living()
  }

  for (const [signals, code] of [
    [1, 2],
    [2, 130],
  ] as const) {
    it(`leaves no process and no file behind after Ctrl-C ${signals === 1 ? 'once' : 'twice'}`, async function () {
      if (process.platform !== 'linux') return this.skip()
      let sent = 0
      const ended = await started((stderr, child) => {
        const isDue = sent === 0 ? stderr.includes('used up') : sent < signals && stderr.includes('once more')
        if (!isDue) return
        sent += 1
        child.kill('SIGINT')
      })
      expect(ended.code).to.equal(code)
      if (signals === 1) expect(ended.stdout).to.match(/^UNKNOWN {2}resource-exhaustion on shared .*interrupted/m)
      expect(await allGone()).to.deep.equal([])
      expect(await readdir(folder.path)).to.deep.equal([])
    })
  }
})
