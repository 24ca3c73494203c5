import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { wallTimeMs } from '../../world/clock.js'
import { makeFolder } from '../../world/folder.js'
import { DurableError } from './errors.js'
import { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.js'

/** Keeps two processes from one journal. */
export interface Lock {
  /** Rejects with `ERR_JOURNAL_LOCKED` if another process has it. */
  take(): Promise<void>
  /** Rejects with `ERR_JOURNAL_LOST` if it isn't this one's any more. */
  assertHeld(): Promise<void>
  giveBack(): Promise<void>
}

interface Holder extends ProcessIdentity {
  readonly token: string
}

const BEAT_MS = 2_000
/** How long the file must stand still before its holder counts as ended, where nothing else can tell. */
const SILENT_MS = 15_000
/** Others that take it over at the same moment. */
const ROUNDS_MAX = 10

/**
 * A lock file that says who holds it.
 *
 * Protocol. Take: write a file of another name with the own identity, and link it to the lock's, which fails if there is one. If its holder has
 * ended, rename it away and look at what was renamed; if that is another one's, link it back. Hold: touch it every two seconds.
 *
 * Whether a holder has ended is known at once on the same host: its process is gone, or its number is another process's. (Numbers alone wouldn't do: in
 * a container a process gets the number of the one before it.) From another host or container, as on a volume that moves with a service, it
 * is known only by silence: the file has not been touched for fifteen seconds of the own clock.
 *
 * Why safe. Linking is atomic and the file is whole when it gets the name. Silence may be wrong: a holder that was stopped for so long goes on.
 * So the holder looks for its token after each write, before anything is granted (`assertHeld`).
 *
 * Breaks if who takes a silent lock over doesn't write the journal anew, or if the holder grants without looking.
 *
 * Limits. A holder that is stopped between its look and its grant for fifteen seconds grants one block that the other doesn't know of, on another host only.
 * (`proper-lockfile` goes by silence alone: after each crash it would take its ten seconds to open, and its clock is that of the file.)
 */
export class FileLock implements Lock {
  readonly #token = randomUUID()
  #beat: NodeJS.Timeout | undefined

  constructor(
    private readonly path: string,
    private readonly silentMs = SILENT_MS,
  ) {}

  async take(): Promise<void> {
    await makeFolder(dirname(this.path))
    const own = `${this.path}.${this.#token}`
    await writeFile(own, JSON.stringify({ ...(await ownIdentity()), token: this.#token }))
    try {
      for (let round = 0; !(await this.#linked(own)); round++) {
        if (round === ROUNDS_MAX) throw this.#locked('others take it again and again')
        await this.#removeIfEnded()
      }
    } finally {
      await rm(own, { force: true })
    }
    this.#beat = setInterval(() => this.#touch(), BEAT_MS).unref()
  }

  async assertHeld(): Promise<void> {
    const holder = await this.#holder()
    if (holder?.token === this.#token) return
    const whose = holder ? `process ${holder.pid} (${holder.realm.split(' ', 1)[0]}) has it` : 'it is gone'
    throw new DurableError('ERR_JOURNAL_LOST', `the lock ${this.path} is no longer this process's: ${whose}`)
  }

  async giveBack(): Promise<void> {
    clearInterval(this.#beat)
    if ((await this.#holder())?.token === this.#token) await rm(this.path, { force: true })
  }

  async #linked(own: string): Promise<boolean> {
    try {
      await link(own, this.path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }

  async #removeIfEnded(): Promise<void> {
    const holder = await this.#holder()
    if (!holder) return
    const ended = await hasEnded(holder)
    if (ended === false || (ended === undefined && !(await this.#isSilent(holder)))) {
      throw this.#locked(`process ${holder.pid} on ${holder.realm.split(' ', 1)[0]} has it`)
    }
    const away = `${this.path}.${this.#token}.ended`
    await rename(this.path, away).catch(() => undefined)
    const renamed = await holderIn(away)
    if (renamed && renamed.token !== holder.token) await link(away, this.path).catch(() => undefined)
    await rm(away, { force: true })
  }

  /** Nobody's clock but the own counts, as the other host's may be wrong. */
  async #isSilent(holder: Holder): Promise<boolean> {
    const before = await touchedMs(this.path)
    await sleep(this.silentMs)
    return (await touchedMs(this.path)) === before && (await this.#holder())?.token === holder.token
  }

  /** If it can't be touched, it was taken over, and `assertHeld` says so. */
  #touch(): void {
    const nowS = wallTimeMs() / 1000
    utimes(this.path, nowS, nowS).catch(() => undefined)
  }

  #holder(): Promise<Holder | undefined> {
    return holderIn(this.path)
  }

  #locked(why: string): DurableError {
    return new DurableError('ERR_JOURNAL_LOCKED', `the journal is locked by ${this.path}: ${why}`)
  }
}

async function holderIn(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Holder
  } catch {
    // A crash of the machine may leave a lock without content; its holder has ended with it, or its silence will tell.
    return { pid: 0, realm: 'unknown', began: '', token: text }
  }
}

async function touchedMs(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs
}
