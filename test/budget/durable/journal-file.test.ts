import { expect } from 'chai'
import { DurableError } from '../../../src/budget/durable/errors.js'
import { JournalFile } from '../../../src/budget/durable/journal-file.js'
import { LossyDisk, noLock } from './lossy-disk.js'
import { storedAccount } from './stored.js'

const PATH = '/spend.journal'
const WRITES = 12
const KEYS = ['a', 'b', 'c']

function on(disk: LossyDisk, rotateBytes = 1024): JournalFile {
  return new JournalFile(PATH, disk, noLock, rotateBytes)
}

/** What was begun to be written of each account, and what of it was said to last. */
interface Written {
  readonly begun: Map<string, number>
  readonly lasting: Map<string, number>
}

/** Writes accounts, each in a higher version than before, until the disk is gone. */
async function writeUntilGone(disk: LossyDisk, goesOn = false): Promise<Written> {
  const journal = on(disk)
  const written: Written = { begun: new Map(), lasting: new Map() }
  try {
    await journal.open()
    for (let version = 1; version <= WRITES; version++) {
      const keys = KEYS.slice(0, 1 + (version % KEYS.length))
      for (const key of keys) written.begun.set(key, version)
      try {
        await journal.write(keys.map((key) => storedAccount(key, version)))
        for (const key of keys) written.lasting.set(key, version)
      } catch (error) {
        if (!goesOn) throw error
      }
    }
  } catch {
    // The crash.
  }
  return written
}

async function totalsOn(disk: LossyDisk): Promise<Map<string, number>> {
  const accounts = await on(disk).open()
  for (const account of accounts) expect(account).to.deep.equal(storedAccount(account.key, account.total))
  return new Map(accounts.map(({ key, total }) => [key, total]))
}

function expectNothingLost(totals: Map<string, number>, { begun, lasting }: Written, where: string): void {
  for (const [key, version] of lasting) expect(totals.get(key), `${key}, ${where}`).to.be.at.least(version)
  for (const [key, total] of totals) expect(total, `${key}, ${where}`).to.be.at.most(begun.get(key) ?? 0)
}

describe('a journal in a file', () => {
  it('holds what was written when it is opened again', async () => {
    const disk = new LossyDisk()
    const { lasting } = await writeUntilGone(disk)
    expect(await totalsOn(disk)).to.deep.equal(lasting)
  })

  it('loses nothing that was said to last, and invents nothing, at whichever step the machine stops', async () => {
    const whole = new LossyDisk()
    await writeUntilGone(whole)
    expect(whole.steps).to.be.greaterThan(2 * WRITES)
    for (let step = 0; step <= whole.steps; step++) {
      for (let seed = 1; seed <= 8; seed++) {
        const disk = new LossyDisk()
        disk.stopsAt = step
        const written = await writeUntilGone(disk)
        expectNothingLost(await totalsOn(disk.afterCrash(seed)), written, `stopped at step ${step}, seed ${seed}`)
      }
    }
  })

  it('goes on in a new file after a step that failed, and loses nothing then either', async () => {
    const whole = new LossyDisk()
    await writeUntilGone(whole)
    for (let step = 6; step <= whole.steps; step++) {
      for (let seed = 1; seed <= 5; seed++) {
        const disk = new LossyDisk()
        disk.failing = (at) => at === step || at === step + 3
        const written = await writeUntilGone(disk, true)
        expect(written.lasting.get('a'), `step ${step}`).to.be.at.least(WRITES - 2)
        expectNothingLost(await totalsOn(disk.afterCrash(seed)), written, `failed at step ${step}, seed ${seed}`)
      }
    }
  })

  it('doesn’t say that it is written once another process has the lock', async () => {
    let isHeld = true
    const assertHeld = async () => {
      if (!isHeld) throw new DurableError('ERR_JOURNAL_LOST', 'another has it')
    }
    const disk = new LossyDisk()
    const journal = new JournalFile(PATH, disk, { ...noLock, assertHeld })
    await journal.open()
    isHeld = false
    const bytes = await disk.read(PATH)
    for (const version of [1, 2]) {
      const error = await journal.write([storedAccount('a', version)]).catch((error) => error)
      expect(error).to.include({ code: 'ERR_JOURNAL_LOST' })
    }
    // The other one's file, which has the name, is not replaced.
    disk.put(PATH, bytes as Buffer)
    disk.failing = (step) => step === disk.steps
    await journal.write([storedAccount('a', 3)]).catch(() => undefined)
    disk.failing = () => false
    await journal.write([storedAccount('a', 4)]).catch(() => undefined)
    expect(await disk.read(PATH)).to.deep.equal(bytes)
  })

  it('says so when the disk is full', async () => {
    const disk = new LossyDisk()
    const journal = on(disk)
    await journal.open()
    disk.failing = () => true
    const error = await journal.write([storedAccount('a', 1)]).catch((error) => error)
    expect(error).to.have.property('code', 'ENOSPC')
  })

  it('is written anew when it has grown, and keeps the last of each account', async () => {
    const disk = new LossyDisk()
    const journal = on(disk)
    await journal.open()
    let longest = 0
    for (let version = 1; version <= 200; version++) {
      await journal.write([storedAccount('a', version)])
      longest = Math.max(longest, (await disk.read(PATH))?.length ?? 0)
    }
    expect(longest).to.be.within(1024, 2048)
    expect(await totalsOn(disk)).to.deep.equal(new Map([['a', 200]]))
  })

  it('is an error with the place if it is damaged, and is left as it was', async () => {
    const disk = new LossyDisk()
    await writeUntilGone(disk)
    const bytes = Buffer.from((await disk.read(PATH)) as Buffer)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
    disk.put(PATH, bytes)
    const error = await on(disk)
      .open()
      .catch((error) => error)
    expect(error).to.include({ name: 'DurableError', code: 'ERR_JOURNAL_CORRUPT' })
    expect(error.offset).to.be.within(1, bytes.length >> 1)
    expect(await disk.read(PATH)).to.deep.equal(bytes)
  })

  for (const [what, bytes] of Object.entries({ 'an empty file': '', 'another file': 'hello, I am a log' })) {
    it(`refuses ${what}`, async () => {
      const disk = new LossyDisk()
      disk.put(PATH, Buffer.from(bytes))
      const error = await on(disk)
        .open()
        .catch((error) => error)
      expect(error).to.have.property('code', 'ERR_NOT_A_JOURNAL')
    })
  }
})
