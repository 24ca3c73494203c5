import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { busbar } from './busbar.js'

const short = ['run', 'dead-backend', '--workers', '2', '--rate', '200']

describe('busbar run @stress', function () {
  this.timeout(90_000)
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-run-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('ends with 0 when the run is valid, its report on standard output and progress on the other', async () => {
    const { code, stdout, stderr } = await busbar([...short, '--duration', '1s'])
    expect(stdout).to.match(/^VALID {2}dead-backend on shared$/m)
    expect(stderr).to.match(/^dead-backend on shared, 200 calls\/s: valid, 200 calls in /m)
    expect(code).to.equal(0)
  })

  it('ends with 1 when a run is invalid: here no breaker sees as many calls as it asks for', async () => {
    const { code, stdout } = await busbar(['run', 'dead-backend', '--target', 'opossum', '--duration', '500ms'])
    expect(stdout).to.match(/^INVALID {2}dead-backend on opossum$/m)
    expect(code).to.equal(1)
  })

  it('runs each target once and writes what was asked for beside the console report', async () => {
    const file = join(folder, 'deeper', 'out.json')
    const words = [
      '--duration',
      '500ms',
      '--target',
      'shared,opossum',
      '--target',
      'shared',
      '--report',
      `json=${file}`,
    ]
    const { stdout } = await busbar([...short, ...words])
    const content: { reports: { evidence: { plan: { target: string } } }[] } = JSON.parse(await readFile(file, 'utf8'))
    expect(content.reports.map(({ evidence }) => evidence.plan.target)).to.deep.equal(['shared', 'opossum'])
    expect(stdout).to.contain('dead-backend on opossum')
  })

  it('ends with 2 and a line that names the port when it is in use, after the report of the runs that went well', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const words = [...short, '--duration', '500ms', '--downstream', 'http', '--port', `${port}`]
    const { code, stderr } = await busbar(words)
    server.close()
    expect(stderr).to.match(new RegExp(`^error: dead-backend on shared, 200 calls/s: .*${port}`, 'm'))
    expect(code).to.equal(2)
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`on ${signal} writes the report of what ran and ends with 2`, async () => {
      let sent = false
      const { code, stdout } = await busbar([...short, '--duration', '10m'], (stderr, child) => {
        if (sent || !stderr.includes('circuit open')) return
        sent = true
        child.kill(signal)
      })
      expect(stdout).to.match(/^UNKNOWN {2}dead-backend on shared .*interrupted/m)
      expect(code).to.equal(2)
    })
  }

  it('ends at once, with 130, on the second Ctrl-C', async () => {
    // Calls that hang for long would keep the first Ctrl-C waiting for them.
    const words = [...short, '--duration', '10m', '--fault', 'hang=1@0s+10m', '--timeout', '50s']
    let sent = 0
    const { code, stdout } = await busbar(words, (stderr, child) => {
      if (sent === 0 && stderr.includes('started')) {
        sent = 1
        child.kill('SIGINT')
      } else if (sent === 1 && stderr.includes('once more')) {
        sent = 2
        child.kill('SIGINT')
      }
    })
    expect({ code, stdout }).to.deep.equal({ code: 130, stdout: '' })
  })
})
