import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { seededRandom } from '../../../src/world/seeded-random.js'
import type { Kill, Opened } from './kills-process.js'
import type { StoreKind } from './store-kinds.js'

const file = fileURLToPath(new URL('kills-process.js', import.meta.url))
const LIFE_MS = 20_000
const THREADS = 3

/** Starts the process, and hears what it says when it has opened its ledger, and when all its threads spend; undefined if it ended before. */
function start(kill: Kill) {
  const child = spawn(process.execPath, [file, JSON.stringify(kill)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIFE_MS,
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = once(child, 'close')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const opened = lines.next().then(({ value }): Opened | undefined => value && JSON.parse(value))
  const spending = opened.then(() => lines.next()).then(({ value }) => value !== undefined)
  return { child, opened, spending, ended, errors: () => errors }
}

describe('a process that is killed at any moment', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-kills-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** What all threads of all processes have spent until now. */
  async function spent(truth: string): Promise<number> {
    const text = await readFile(truth, 'utf8').catch(() => '')
    return text.split('\n').reduce((sum, amount) => sum + Number(amount), 0)
  }

  async function killAgainAndAgain(kills: number, limit: number, store: StoreKind): Promise<void> {
    const random = seededRandom(20)
    const given = { store, folder, truth: join(folder, 'truth'), threads: THREADS, limit }
    let killedBeforeOpen = 0
    let mostOpen = 0
    let whileSpending = 0

    const expectCovered = (opened: Opened, truth: number, where: string) => {
      for (const [at, counted] of opened.counted.entries()) {
        expect(counted, `durable spend and open leases, ${where}`).to.be.within(truth, limit)
        expect(opened.known[at], `what is known to be spent, ${where}`).to.be.at.most(truth)
        mostOpen = Math.max(mostOpen, counted - truth)
      }
    }

    for (let kill = 1; kill <= kills; kill++) {
      const before = await spent(given.truth)
      // Left open now and then, so that several crashes add up.
      const resolve = kill % 3 === 0 ? {} : { resolve: before }
      const { child, opened, spending, ended, errors } = start({ ...given, ...resolve, seed: kill })
      if (kill % 5 === 0) {
        await sleep(random.next() * 400)
      } else {
        expect(await spending, errors()).to.equal(true)
        await sleep(random.next() * 100)
      }
      child.kill('SIGKILL')
      await ended
      const heard = await opened
      expect(errors()).to.equal('')
      if ((await spent(given.truth)) > before) whileSpending += 1
      if (heard) expectCovered(heard, before, `after kill ${kill - 1}`)
      else killedBeforeOpen += 1
      if (heard && kill % 3 !== 0) expect(heard.resolved).to.deep.equal([before, before])
    }

    const before = await spent(given.truth)
    const last = start({ ...given, resolve: before, seed: 0, closeAfterMs: 200 })
    expectCovered((await last.opened) as Opened, before, 'after the last kill')
    expect(await last.ended, last.errors()).to.deep.equal([0, null])
    const truth = await spent(given.truth)
    const closed = start({ ...given, seed: 0 })
    // After a clean close nothing is open.
    expect((await closed.opened)?.counted).to.deep.equal([truth, truth])
    closed.child.kill('SIGKILL')
    await closed.ended
    expect(truth, 'true spend').to.be.within(1, limit)
    expect(killedBeforeOpen).to.be.lessThan(kills / 2)
    console.log(
      `      ${kills} kills, ${whileSpending} of them while money was spent; ${truth} of ${limit} spent, at most ${mostOpen} open`,
    )
  }

  it('has never spent more than is durable and open, nor that more than the limit', () => {
    return killAgainAndAgain(10, 100_000, 'journal')
  }).timeout(120_000)

  it('nor after two hundred kills @slow', () => {
    return killAgainAndAgain(200, 1_000_000, 'journal')
  }).timeout(1_400_000)

  it('nor with a database for a store @slow', () => killAgainAndAgain(30, 50_000, 'sqlite')).timeout(300_000)
})
