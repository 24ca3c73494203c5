import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

/** As in `one-winner`; the marks differ in both halves. */
const claims = (mark: bigint) => (cells: Cells) => {
  if (cells.compareExchange64(0, 0n, mark) !== 0n) return
  const found = cells.compareExchange64(0, mark, 0n)
  if (found !== mark) throw new Error(`${mark} won, and so did ${found}`)
}

const litmus: Litmus = {
  question: 'Of two threads that exchange the same 64-bit value for their own, does exactly one succeed?',
  from: 'GenMC (cas), on a pair of cells',
  program: { cells: 2, threads: [claims(0x1_0000_0001n), claims(0x2_0000_0002n)] },
  repeats: 400_000,
}

export default litmus
