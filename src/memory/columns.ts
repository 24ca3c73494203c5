/** Columns of numbers that one thread keeps for itself, and that grow. */
export function numbers(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(length)
}

export function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length)
}

export function doubles(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(length)
}

/** A column with the same numbers and room for more: `size` of them, or twice as many. */
export function wider(column: Int32Array, size = column.length * 2): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(column)
  return larger
}

export function widerBytes(column: Uint8Array, size = column.length * 2): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(column)
  return larger
}

export function widerDoubles(column: Float64Array, size = column.length * 2): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size)
  larger.set(column)
  return larger
}
