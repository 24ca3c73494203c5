/**
 * A heap snapshot that is of no use. `code` is stable: `ERR_SNAPSHOT_NOT_READ`, `ERR_SNAPSHOT_DAMAGED`, and
 * `ERR_SNAPSHOT_UNRELATED` if it can't be compared with the one before it.
 */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'

  constructor(
    readonly code: 'ERR_SNAPSHOT_NOT_READ' | 'ERR_SNAPSHOT_DAMAGED' | 'ERR_SNAPSHOT_UNRELATED',
    readonly file: string,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`heap snapshot ${file}: ${what}`, options)
  }
}
