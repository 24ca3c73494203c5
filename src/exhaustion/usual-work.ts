import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'

/** The original suite's: a buffer of 100 KB, some computing, one temporary file. */
const BYTES = 100_000

/** What every call does besides its own: the buffer is filled and added up, then written to a file that goes at once. */
export class UsualWork {
  readonly #folder: string
  #calls = 0
  /** As a field, so that no compiler takes the sum away. */
  sum = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** `device`: written to instead of the file. Rejects with what the system said; no file stays, whatever it says. */
  async run(device?: string): Promise<void> {
    const call = this.#calls++
    const bytes = Buffer.alloc(BYTES, call)
    let sum = 0
    for (let index = 0; index < BYTES; index += 1) sum += bytes[index] as number
    this.sum = sum
    const file = device ?? join(this.#folder, `call-${threadId}-${call}`)
    const handle = await open(file, 'w')
    try {
      await handle.writeFile(bytes)
    } finally {
      await handle.close()
      if (device === undefined) await unlink(file)
    }
  }
}
