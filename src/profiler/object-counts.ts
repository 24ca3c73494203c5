import * as v8 from 'node:v8'

type Class = abstract new (...parameters: never[]) => unknown

/** What leaks are made of, and a person can tell apart. To count one takes a quarter of a second, however small the heap. */
const classes: Readonly<Record<string, Class>> = { Array, Error, Function, Map, Promise }

/**
 * How many objects of common classes the calling thread's heap holds, subclasses with them. Cheaper than a snapshot of a
 * large heap, and nothing has to be read afterwards.
 *
 * Node learnt to count in 20.13; before that, nothing.
 */
export function objectCounts(): Record<string, number> | undefined {
  if (typeof v8.queryObjects !== 'function') return undefined
  const { emitWarning } = process
  // It is experimental, and each thread would say so in the middle of the progress.
  process.emitWarning = () => {}
  try {
    const counts = Object.entries(classes).map(([name, ofClass]) => {
      return [name, v8.queryObjects(ofClass as never, { format: 'count' }) as unknown as number] as const
    })
    return Object.fromEntries(counts)
  } finally {
    process.emitWarning = emitWarning
  }
}
