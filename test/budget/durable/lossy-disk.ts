import type { Disk, DiskFile } from '../../../src/budget/durable/disk.js'
import type { Lock } from '../../../src/budget/durable/file-lock.js'
import { seededRandom } from '../../../src/world/seeded-random.js'

interface Content {
  synced: Buffer
  unsynced: Buffer
}

const SECTOR_BYTES = 512

/**
 * A disk in memory that can be taken away before any of its steps, and then has of what was not synced only what chance leaves: each sector as
 * it was written, as zeros, or cut off; names as they were when the folder was last synced, or later.
 */
export class LossyDisk implements Disk {
  /** Steps made so far. */
  steps = 0
  /** The step before which the machine stops. */
  stopsAt = Number.POSITIVE_INFINITY
  /** Steps that fail, as on a disk that is full; an append leaves half of what it was to write. */
  failing = (_step: number) => false
  #names = new Map<string, Content>()
  #syncedNames = new Map<string, Content>()

  async read(path: string): Promise<Buffer | undefined> {
    const content = this.#names.get(path)
    return content && Buffer.concat([content.synced, content.unsynced])
  }

  /** As after a test has damaged it. */
  put(path: string, bytes: Buffer): void {
    const content = { synced: bytes, unsynced: Buffer.alloc(0) }
    this.#names.set(path, content)
    this.#syncedNames.set(path, content)
  }

  async create(path: string): Promise<DiskFile> {
    this.#step()
    const content = { synced: Buffer.alloc(0), unsynced: Buffer.alloc(0) }
    this.#names.set(path, content)
    return {
      append: async (bytes) => {
        this.#step(() => {
          content.unsynced = Buffer.concat([content.unsynced, bytes.subarray(0, bytes.length >> 1)])
        })
        content.unsynced = Buffer.concat([content.unsynced, bytes])
      },
      sync: async () => {
        this.#step()
        content.synced = Buffer.concat([content.synced, content.unsynced])
        content.unsynced = Buffer.alloc(0)
      },
      close: async () => undefined,
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step()
    const content = this.#names.get(from)
    if (!content) throw new Error(`there is no ${from}`)
    this.#names.delete(from)
    this.#names.set(to, content)
  }

  async syncFolderOf(): Promise<void> {
    this.#step()
    this.#syncedNames = new Map(this.#names)
  }

  async remove(path: string): Promise<void> {
    this.#step()
    this.#names.delete(path)
  }

  /** What is there when the machine runs again. */
  afterCrash(seed: number): LossyDisk {
    const random = seededRandom(seed)
    const left = new LossyDisk()
    const names = random.next() < 0.5 ? this.#names : this.#syncedNames
    for (const [path, { synced, unsynced }] of names) {
      left.put(path, Buffer.concat([synced, remains(unsynced, synced.length, () => random.next())]))
    }
    return left
  }

  #step(half: () => void = () => undefined): void {
    if (this.steps >= this.stopsAt) throw new Error('the machine has stopped')
    this.steps += 1
    if (!this.failing(this.steps)) return
    half()
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  }
}

function remains(unsynced: Buffer, offset: number, chance: () => number): Buffer {
  const left = Buffer.from(unsynced)
  for (let from = 0; from < left.length; ) {
    const to = Math.min(left.length, from + SECTOR_BYTES - ((offset + from) % SECTOR_BYTES))
    if (chance() < 0.5) left.fill(0, from, to)
    from = to
  }
  return left.subarray(0, Math.floor(chance() * (left.length + 1)))
}

/** A lock that nobody contends for. */
export const noLock: Lock = {
  take: async () => undefined,
  assertHeld: async () => undefined,
  giveBack: async () => undefined,
}
