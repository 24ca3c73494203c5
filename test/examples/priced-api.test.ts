import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const example = fileURLToPath(new URL('../../examples/priced-api/priced-api.js', import.meta.url))
const LIMIT_MS = 30_000

async function run(...args: string[]): Promise<{ code: number | null; signal: string | null; output: string }> {
  const child = spawn(process.execPath, [example, ...args], { timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listen = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const [code, signal] = await once(child, 'close')
  return { code, signal, output }
}

/** In thousandths of the currency. */
function bills(output: string): number[] {
  return [...output.matchAll(/^ {2}2027-03-1\d {3}(\d)\.(\d{3})$/gm)].map(([, units, rest]) =>
    Number(`${units}${rest}`),
  )
}

describe('the example of a priced API', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-priced-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is cut off when the budget of the day is used up, and is back at midnight', async () => {
    const { code, output } = await run('--workers', '2', '--seconds', '7')
    expect(code, output).to.equal(0)
    expect(output).to.match(/2027-03-14 23:59.*cut off.*2027-03-15 00:00.*back: a new day/s)
    const [first = 0, second = 0] = bills(output)
    // The dearest call costs 0.020; what is left is less than that.
    expect(first, output).to.be.within(900, 1000)
    expect(first + second, output).to.be.within(1000, 2000)
  }).timeout(LIMIT_MS)

  it('counts what a crash has left as spent, when it is started again on the same day', async () => {
    const journal = join(folder, 'spend.journal')
    const crashed = await run('--workers', '2', '--journal', journal, '--crash')
    expect(crashed.signal, crashed.output).to.equal('SIGKILL')
    const { code, output } = await run('--workers', '2', '--journal', journal, '--seconds', '0.5')
    expect(output).to.match(
      /(?:0\.[1-9]\d\d|1\.000) of 1\.000 are spent\n.*granted when the process before this one crashed/,
    )
    expect(code, output).to.equal(0)
  }).timeout(LIMIT_MS)
})
