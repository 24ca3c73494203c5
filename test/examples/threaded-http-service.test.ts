import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const example = fileURLToPath(new URL('../../examples/threaded-http-service.js', import.meta.url))
const limitMs = 15_000

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs the example until it ends; `hear` is told of what it has printed so far. */
async function run(
  args: readonly string[],
  hear: (child: ChildProcess, output: string) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [example, ...args], { timeout: limitMs, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listen = (chunk: Buffer) => {
    output += chunk
    hear(child, output)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const [code] = await once(child, 'close')
  return { code, output }
}

function reachedWhileDown(output: string): number {
  const [, reached] = /while the backend was down: \d+ requests, of which (\d+) reached it/.exec(output) ?? []
  return Number(reached)
}

describe('the example of a threaded HTTP service', () => {
  it('opens one circuit for all its threads, and ends by itself', async () => {
    const { code, output } = await run(['--workers', '2', '--seconds', '0.6'])
    expect(output).to.include('breaker: closed → open (consecutive-failures)')
    expect(output).to.match(/ transitions, each seen by 2 of 2 threads/)
    expect(code, output).to.equal(0)
  })

  it('comes back, and lets fewer calls through than separate breakers @stress', async () => {
    const shared = await run(['--workers', '4', '--seconds', '1.5'])
    const separate = await run(['--workers', '4', '--seconds', '1.5', '--separate'])
    expect(shared.output).to.include('breaker: half-open → closed (probes-succeeded)')
    expect(shared.output).to.match(/ transitions, each seen by 4 of 4 threads/)
    expect(reachedWhileDown(separate.output), separate.output).to.be.greaterThan(2 * reachedWhileDown(shared.output))
    expect([shared.code, separate.code]).to.deep.equal([0, 0])
  })

  it('stops at Ctrl-C, and still says what was', async () => {
    let told = false
    const { code, output } = await run(['--workers', '2', '--seconds', '60'], (child, output) => {
      if (!told && output.includes('Ctrl-C')) told = child.kill('SIGINT')
    })
    expect(output).to.include('while the backend was down: 0 requests')
    expect(code, output).to.equal(0)
  })
})
