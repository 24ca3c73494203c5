import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

/** Whoever wins the cell finds his own mark in it, and gives it back. */
const claims = (mark: number) => (cells: Cells) => {
  if (cells.compareExchange(0, 0, mark) !== 0) return
  const found = cells.compareExchange(0, mark, 0)
  if (found !== mark) throw new Error(`${mark} won, and so did ${found}`)
}

const litmus: Litmus = {
  question: 'Of three threads that exchange the same value for their own, does exactly one succeed?',
  from: 'GenMC (cas)',
  program: { cells: 1, threads: [claims(1), claims(2), claims(3)] },
  repeats: 1_000_000,
}

export default litmus
