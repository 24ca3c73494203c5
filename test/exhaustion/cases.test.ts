import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { caseOf } from '../../src/exhaustion/case-of.js'
import { type CaseName, caseNames } from '../../src/exhaustion.js'
import type { Holder, Operation } from '../../src/exhaustion-case.js'
import { TemporaryFolder } from '../temporary-folder.js'

const inFlight = 4

/** What is done of a case in this very process: nothing here uses up what the tests need themselves. */
describe('a case of exhaustion', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  async function opened(name: CaseName) {
    const used = await caseOf(name)
    const holder = await used.open({ inFlight })
    const signs: string[] = []
    const place = {
      folder: folder.path,
      ports: holder.ports ?? [],
      slot: 1,
      timeoutMs: 50,
      sign: (name: string) => void signs.push(name),
    }
    return { holder, operation: used.operation(place), signs }
  }

  async function closed(holder: Holder, operation: Operation): Promise<void> {
    await operation.close()
    await holder.close()
  }

  for (const name of caseNames) {
    it(`lets calls succeed while nothing is used up, and leaves no file: ${name}`, async () => {
      const { holder, operation } = await opened(name)
      await Promise.all(Array.from({ length: inFlight }, () => operation.run(false)))
      await closed(holder, operation)
      expect(await readdir(folder.path)).to.deep.equal([])
    })
  }

  it('ends in ENOSPC on a disk that is full, and in success on one that has room again', async function () {
    if (!existsSync('/dev/full')) return this.skip()
    const { holder, operation } = await opened('disk')
    expect(await codeOf(operation.run(true))).to.equal('ENOSPC')
    await operation.run(false)
    await closed(holder, operation)
    expect(await readdir(folder.path)).to.deep.equal([])
  })

  it('ends in EADDRINUSE once all ports of its range are held, and in success when they are given back', async () => {
    const { holder, operation } = await opened('sockets')
    holder.hold()
    await sleep(0)
    // A port of the range is listened on once nobody else can.
    for (const port of (holder.ports ?? []).slice(1)) expect(await isTaken(port)).to.equal(true)
    expect(await codeOf(operation.run(true))).to.equal('EADDRINUSE')
    holder.release()
    await operation.run(false)
    await closed(holder, operation)
  })

  it('ends with the error of the thread that its task has filled, and the next starts another', async () => {
    const { holder, operation } = await opened('worker-heap')
    expect(await codeOf(operation.run(true))).to.equal('ERR_WORKER_OUT_OF_MEMORY')
    await operation.run(false)
    await closed(holder, operation)
  })

  it('blocks the event loop for longer than a call may take, and notices by a timer', async () => {
    const { holder, operation, signs } = await opened('event-loop')
    await sleep(30)
    await operation.run(true)
    await sleep(30)
    expect(signs).to.deep.equal(['late timer'])
    await closed(holder, operation)
  })

  it('ends its burners when they are given back', async function () {
    const used = await caseOf('cpu')
    if (used.missing() !== undefined) return this.skip()
    const { holder, operation } = await opened('cpu')
    holder.hold()
    await sleep(50)
    holder.release()
    // Resolves once the shell has ended, which it does after its burners.
    await closed(holder, operation)
  })
})

async function codeOf(call: Promise<void>): Promise<string> {
  return call.then(
    () => 'none',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return false
  } catch {
    return true
  } finally {
    server.close()
  }
}
