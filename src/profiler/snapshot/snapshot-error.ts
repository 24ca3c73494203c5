/** A heap snapshot that could not be read. `code` is stable: `ERR_SNAPSHOT_NOT_READ`, `ERR_SNAPSHOT_DAMAGED`. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'

  constructor(
    readonly code: 'ERR_SNAPSHOT_NOT_READ' | 'ERR_SNAPSHOT_DAMAGED',
    readonly file: string,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`heap snapshot ${file}: ${what}`, options)
  }
}
