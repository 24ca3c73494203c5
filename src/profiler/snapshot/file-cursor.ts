import { type FileHandle, open } from 'node:fs/promises'
import { SnapshotError } from './snapshot-error.js'

const CHUNK_BYTES = 2 ** 20
/** Places in it are 32-bit numbers. */
const REST_BYTES_MAX = 2 ** 31 - 1

/**
 * A place in a file that is read once from front to back, a piece at a time. Whoever reads takes bytes from `at` up to
 * `end` in plain loops, and asks for more when there are none: no promise a byte, and never the whole file in memory.
 */
export class FileCursor {
  readonly bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  at = 0
  end = 0
  /** Bytes of the file that have been read, those not yet taken with them. */
  #read = 0
  readonly #size: number
  readonly #handle: FileHandle
  readonly #signal: AbortSignal | undefined

  private constructor(
    readonly file: string,
    size: number,
    handle: FileHandle,
    signal: AbortSignal | undefined,
  ) {
    this.#size = size
    this.#handle = handle
    this.#signal = signal
  }

  static async open(file: string, signal?: AbortSignal): Promise<FileCursor> {
    try {
      const handle = await open(file)
      return new FileCursor(file, (await handle.stat()).size, handle, signal)
    } catch (error) {
      throw notRead(file, error)
    }
  }

  /** All that is left of the file, in one piece. */
  async rest(): Promise<Buffer> {
    const left = this.#size - this.#read + this.end - this.at
    if (left > REST_BYTES_MAX) throw this.damaged(`it has ${left} bytes of strings; allowed: ${REST_BYTES_MAX}`)
    const rest = Buffer.allocUnsafeSlow(left)
    let filled = 0
    for (;;) {
      filled += this.bytes.copy(rest, filled, this.at, this.end)
      if (filled === left) return rest
      await this.more()
    }
  }

  /** The next piece; rejects at the file's end, as every part of a snapshot says itself where it ends. */
  async more(): Promise<void> {
    this.#signal?.throwIfAborted()
    const { bytesRead } = await this.#handle.read(this.bytes, 0, CHUNK_BYTES, this.#read).catch((error) => {
      throw notRead(this.file, error)
    })
    if (bytesRead === 0) throw this.damaged('it ends too early; was the disk full, or is it still being written?')
    this.#read += bytesRead
    this.at = 0
    this.end = bytesRead
  }

  damaged(what: string): SnapshotError {
    return new SnapshotError('ERR_SNAPSHOT_DAMAGED', this.file, what)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

function notRead(file: string, error: unknown): SnapshotError {
  const reason = error instanceof Error ? error.message : String(error)
  return new SnapshotError('ERR_SNAPSHOT_NOT_READ', file, reason, { cause: error })
}
