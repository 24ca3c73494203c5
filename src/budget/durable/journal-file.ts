import { resolve } from 'node:path'
import { whole } from '../../breaker/resolve-options.js'
import { type Disk, type DiskFile, realDisk } from './disk.js'
import { DurableError } from './errors.js'
import { FileLock, type Lock } from './file-lock.js'
import { FIRST_CHECKSUM, type JournalEnd, lineAfter, readLines } from './journal-line.js'
import type { BudgetStore, StoredAccount } from './store.js'

/**
 * A store in one file, to which lines are appended.
 *
 * Map. The first line says what the file is; then one line each account that has changed: the last one of an account counts
 * (`journal-line.ts`). Beside it lie `.lock` while it is open, and `.next` while it is written anew.
 *
 * Protocol. Write: append lines, sync, then say that it is done. Write anew, when the file is opened, when it has grown to several times what it
 * holds, and after each failure: all accounts to `.next`, sync, rename it to the journal's name, sync the folder. Open: take the lock, read the
 * lines that are whole, write anew.
 *
 * Why safe.
 * - Of what was said to be written nothing is missing after a crash: it was synced. What was not may be there as far as it is whole; a store may do that.
 * - The name leads to a whole file at any moment, the old one or the new one, which hold the same; so a journal is never without its first line.
 * - After a failed write or sync nobody knows what the file holds, and a sync that is tried again may say that all is well though it is not. So
 *   that file is never written again: the next write makes a new one.
 * - A process that has lost the lock without knowing appends to a file that no longer has the name, and finds that out before it says that it is done.
 *
 * Breaks if a write says that it is done before the sync, if a damaged line is skipped, or if the file is appended to after a failure.
 *
 * Limits. A disk that says that it has synced and has not loses what it has not. A journal that is put back from a backup forgets what was spent
 * since. Two names of one file, by links, are two journals to the lock. A damaged byte in the very last line that turns it into a zero looks like a crash. All accounts ever written are in memory.
 */
export interface JournalFileOptions {
  /** From how many bytes on a file is written anew, if it is also four times as long as it was then; from 1,024 to 2³¹ − 1, default 1,048,576. */
  readonly rotateBytes?: number
}

const FIRST_LINE = { journal: 'busbar budgets', version: 1 }
const ROTATE_BYTES = 1_048_576
const GROWTH_MAX = 4

/** A store in the file of that name; folders above it that are missing are made. Throws a `ConfigurationError`. */
export function journalFile(path: string, { rotateBytes = ROTATE_BYTES }: JournalFileOptions = {}): BudgetStore {
  const file = resolve(path)
  return new JournalFile(
    file,
    realDisk,
    new FileLock(`${file}.lock`),
    whole('rotateBytes', rotateBytes, 1024, 2 ** 31 - 1),
  )
}

export class JournalFile implements BudgetStore {
  readonly #accounts = new Map<string, StoredAccount>()
  /** What is appended to; none after a failure. */
  #file: DiskFile | undefined
  #end: JournalEnd = { sequence: 0, checksum: FIRST_CHECKSUM }
  #length = 0
  #firstLength = 0

  constructor(
    private readonly path: string,
    private readonly disk: Disk,
    private readonly lock: Lock,
    private readonly rotateBytes = ROTATE_BYTES,
  ) {}

  async open(): Promise<readonly StoredAccount[]> {
    await this.lock.take()
    try {
      const bytes = await this.disk.read(this.path)
      if (bytes) this.#recover(bytes)
      await this.#writeAnew()
    } catch (error) {
      await this.lock.giveBack()
      throw error
    }
    return [...this.#accounts.values()]
  }

  async write(accounts: readonly StoredAccount[]): Promise<void> {
    for (const account of accounts) this.#accounts.set(account.key, account)
    const isLong = this.#length > this.rotateBytes && this.#length > GROWTH_MAX * this.#firstLength
    if (this.#file === undefined || isLong) await this.#writeAnew()
    else await this.#append(this.#file, accounts)
    await this.lock.assertHeld()
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    try {
      await file?.close()
    } finally {
      await this.lock.giveBack()
    }
  }

  #recover(bytes: Buffer): void {
    const { contents, end } = readLines(bytes)
    const [first, ...accounts] = contents as [typeof FIRST_LINE | undefined, ...StoredAccount[]]
    if (first?.journal !== FIRST_LINE.journal || first.version !== FIRST_LINE.version) {
      const message = `${this.path} is no journal of budgets that this version of busbar knows`
      throw new DurableError('ERR_NOT_A_JOURNAL', message, { offset: 0 })
    }
    for (const account of accounts) this.#accounts.set(account.key, account)
    this.#end = end
  }

  async #append(file: DiskFile, accounts: Iterable<StoredAccount>): Promise<void> {
    // None until it has worked.
    this.#file = undefined
    const { bytes, end } = linesAfter(this.#end, accounts)
    await closedOnFailure(file, async () => {
      await file.append(bytes)
      await file.sync()
    })
    this.#end = end
    this.#length += bytes.length
    this.#file = file
  }

  async #writeAnew(): Promise<void> {
    const next = `${this.path}.next`
    const old = this.#file
    this.#file = undefined
    await old?.close()
    await this.lock.assertHeld()
    const { bytes, end } = linesAfter({ ...this.#end, checksum: FIRST_CHECKSUM }, [
      FIRST_LINE,
      ...this.#accounts.values(),
    ])
    const file = await this.disk.create(next)
    await closedOnFailure(file, async () => {
      await file.append(bytes)
      await file.sync()
      await this.disk.rename(next, this.path)
      await this.disk.syncFolderOf(this.path)
    })
    this.#end = end
    this.#length = bytes.length
    this.#firstLength = bytes.length
    this.#file = file
  }
}

async function closedOnFailure(file: DiskFile, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    // What matters is why it wasn't written.
    await file.close().catch(() => undefined)
    throw error
  }
}

function linesAfter(end: JournalEnd, contents: Iterable<unknown>): { bytes: Buffer; end: JournalEnd } {
  const lines: Buffer[] = []
  for (const content of contents) {
    const line = lineAfter(end, content)
    lines.push(line.bytes)
    end = line.end
  }
  return { bytes: Buffer.concat(lines), end }
}
