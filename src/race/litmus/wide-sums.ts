import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

const borrows = (amount: bigint) => (cells: Cells) => {
  cells.add64(0, amount)
  cells.add64(0, -amount)
}

const litmus: Litmus = {
  question:
    'Is nothing left of 64-bit amounts that threads add and take away again, carries between the halves included?',
  from: 'GenMC (ainc), on a pair of cells; field: torn money',
  program: { cells: 2, threads: [borrows(0xffff_fffen), borrows(3n)] },
  repeats: 100_000,
}

export default litmus
