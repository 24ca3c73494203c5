import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { FileLock } from '../../../src/budget/durable/file-lock.js'
import { ownIdentity } from '../../../src/budget/durable/process-identity.js'

const holderFile = fileURLToPath(new URL('lock-holder.js', import.meta.url))
const SILENT_MS = 60

describe('the lock of a journal', () => {
  let folder = ''
  let path = ''
  const locks: FileLock[] = []

  const lock = () => {
    const made = new FileLock(path, SILENT_MS)
    locks.push(made)
    return made
  }
  const codeOf = (work: Promise<void>) =>
    work.then(
      () => 'none',
      (error) => error.code,
    )
  const holder = async () => JSON.parse(await readFile(path, 'utf8'))

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-lock-'))
    path = join(folder, 'deep', 'spend.journal.lock')
  })

  afterEach(async () => {
    await Promise.all(locks.splice(0).map((lock) => lock.giveBack()))
    await rm(folder, { recursive: true, force: true })
  })

  it('is had by one at a time, in one process too', async () => {
    const first = lock()
    await first.take()
    await first.assertHeld()
    expect(await codeOf(lock().take())).to.equal('ERR_JOURNAL_LOCKED')
    await first.giveBack()
    await lock().take()
  })

  it('leaves no files behind', async () => {
    const first = lock()
    await first.take()
    await codeOf(lock().take())
    expect(await readdir(join(folder, 'deep'))).to.deep.equal(['spend.journal.lock'])
    await first.giveBack()
    expect(await readdir(join(folder, 'deep'))).to.deep.equal([])
  })

  it('of a process that is alive is refused, and of one that was killed is taken over at once', async () => {
    const child = spawn(process.execPath, [holderFile, path], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 15_000 })
    await once(child.stdout, 'data')
    expect(await codeOf(lock().take())).to.equal('ERR_JOURNAL_LOCKED')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const next = lock()
    await next.take()
    await next.assertHeld()
  })

  it('of a process whose number another one has by now is taken over', async () => {
    await lock().take()
    const own = await holder()
    await writeFile(path, JSON.stringify({ ...own, began: '1', token: 'earlier' }))
    await lock().take()
  })

  it('of another host is taken over only after it was silent', async () => {
    await lock().take()
    const elsewhere = { ...(await ownIdentity()), realm: 'another host', token: 'theirs' }
    await writeFile(path, JSON.stringify(elsewhere))
    const touching = setInterval(() => utimes(path, process.uptime(), process.uptime()), 5)
    expect(await codeOf(lock().take())).to.equal('ERR_JOURNAL_LOCKED')
    clearInterval(touching)
    await lock().take()
    expect((await holder()).token).not.to.equal('theirs')
  })

  it('says that it is lost when another has it, and leaves that one’s alone', async () => {
    const first = lock()
    await first.take()
    await writeFile(path, JSON.stringify({ ...(await holder()), token: 'theirs' }))
    expect(await codeOf(first.assertHeld())).to.equal('ERR_JOURNAL_LOST')
    await first.giveBack()
    expect((await holder()).token).to.equal('theirs')
    await rm(path)
    expect(await codeOf(first.assertHeld())).to.equal('ERR_JOURNAL_LOST')
  })

  it('is got by one of many that come at the same moment', async () => {
    await lock().take()
    await writeFile(path, JSON.stringify({ ...(await holder()), began: '1', token: 'earlier' }))
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(lock().take())))
    expect(codes.filter((code) => code === 'none').length, codes.join()).to.be.at.least(1)
    const held = await Promise.all(locks.slice(1).map((lock) => codeOf(lock.assertHeld())))
    expect(
      held.filter((code) => code === 'none'),
      held.join(),
    ).to.have.lengthOf(1)
  })
})
