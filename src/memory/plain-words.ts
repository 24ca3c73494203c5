/**
 * Words that one thread writes plainly, for measurement alone.
 *
 * Protocol: exactly one thread writes a range; any other reads it only after the writer has passed a `Cells` operation
 * that the reader has observed since (the gate's closing). Then the plain writes happen before the plain reads and are
 * no data race. A histogram record costs about a third of its atomic equivalent.
 *
 * Do not use when a reader looks while the writer still writes: live counters are cells.
 */
export function plainWords(
  buffer: SharedArrayBuffer,
  firstCell: number,
  count: number,
): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(buffer, firstCell * 4, count)
}
