import type { Litmus } from '../litmus.js'

const ONES = 0x1_0000_0001n

const litmus: Litmus = {
  question: 'Is a 64-bit cell written and read whole, and by its halves?',
  from: 'field: torn money; ECMA-262, Atomics on BigInt64Array',
  program: {
    cells: 2,
    threads: [
      (cells) => {
        cells.store64(0, ONES)
      },
      (cells) => String(cells.load64(0)),
      (cells) => String(cells.add64(0, ONES)),
    ],
  },
}

export default litmus
