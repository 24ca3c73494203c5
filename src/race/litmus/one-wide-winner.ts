import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

const claims = (mark: bigint) => (cells: Cells) => String(cells.compareExchange64(0, 0n, mark))

const litmus: Litmus = {
  question: 'Of two threads that exchange the same 64-bit value for their own, does exactly one succeed?',
  from: 'GenMC (cas), on a pair of cells',
  program: { cells: 2, threads: [claims(0x1_0000_0001n), claims(0x2_0000_0002n)] },
}

export default litmus
